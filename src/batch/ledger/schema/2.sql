-- Which checks were asked for, as JSON: {"only": […], "skip": […]}.
ALTER TABLE lists ADD COLUMN selection TEXT;
-- Checks of forms against forms of the documents before them, as JSON. They also stand among the checks.
CREATE TABLE comparisons (
    document INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    form INTEGER NOT NULL,
    number INTEGER NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (document, form, number)
) WITHOUT ROWID;
-- What does not agree, with where it stands and whose it is.
CREATE VIEW findings AS
SELECT inputs.path, checks.document, checks.form, forms.unit, forms.project, forms.year, checks.id, checks.severity,
    checks.field, checks.stated, checks.computed, checks.low, checks.high, checks.formula, checks.rule,
    checks.fingerprint, checks.zh, checks.en
FROM checks
JOIN forms USING (document, form)
JOIN documents ON documents.id = checks.document
JOIN inputs ON inputs.path = (SELECT min(path) FROM inputs AS named WHERE named.sha256 = documents.sha256)
WHERE checks.verdict = 'inconsistent';
