#!/usr/bin/env bash
# Fills the corpora of the fuzz targets from the samples of the project. Large files are left out: what is slow to read is
# slow to fuzz, and a page with its fonts has all that a book of them has.
set -euo pipefail
cd "$(dirname "$0")"
small=(-size -30k) # 30 KiB
mkdir -p corpus/{gate,extract_pdf,extract_text,made_pdf,value,pattern,record}
find ../samples ../tests/pdfs ../tests/finds -name '*.pdf' "${small[@]}" -exec cp -t corpus/extract_pdf {} +
# This target puts a header of its own before what it is given.
cp corpus/extract_pdf/* corpus/gate/
find ../samples -name '*.txt' "${small[@]}" -exec cp -t corpus/extract_text {} +
cp ../patterns/*.toml corpus/pattern/
cargo run --quiet --locked --manifest-path ../Cargo.toml -- extract ../samples/breakage ../samples/families 2>/dev/null |
    awk 'length < 30000' | split --lines=1 - corpus/record/ || true
number=0
cat ../samples/*.expected.json ../samples/families/*.expected.json | grep -oE '"[^":]{1,60}"' | tr -d '"' | sort -u |
    while IFS= read -r value; do
        number=$((number + 1))
        printf '%s' "$value" > "corpus/value/$number"
    done
