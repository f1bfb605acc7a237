#!/usr/bin/env bash
# Fills the corpora of the fuzz targets from the samples of the project.
set -euo pipefail
cd "$(dirname "$0")"
mkdir -p corpus/{gate,extract_pdf,extract_text,made_pdf,value,pattern,record}
for file in ../samples/*.pdf ../samples/families/*.pdf ../tests/pdfs/*.pdf; do
    cp "$file" corpus/extract_pdf/
    # This target puts a header of its own before what it is given.
    cp "$file" corpus/gate/
done
cp ../samples/*.txt ../samples/breakage/*.txt ../samples/families/*.txt corpus/extract_text/
cp ../patterns/*.toml corpus/pattern/
cargo run --quiet --locked --manifest-path ../Cargo.toml -- extract ../samples/breakage ../samples/families 2>/dev/null |
    split --lines=1 - corpus/record/ || true
number=0
cat ../samples/*.expected.json ../samples/families/*.expected.json | grep -oE '"[^":]{1,60}"' | tr -d '"' | sort -u |
    while IFS= read -r value; do
        number=$((number + 1))
        printf '%s' "$value" > "corpus/value/$number"
    done
