"""Words that break programs which build SQL, or anything else, out of text. They are data: they come back as they are.

For databases, for the search's own language, for pages, shells, paths, spreadsheets and terminals; last plain names.
"""

INJECTIONS = (
    "' OR '1'='1", "' OR 1=1 --", "'; DROP TABLE change; --", "\"; DROP TABLE record; --", "') OR ('1'='1",
    "1; DELETE FROM entry", "' UNION SELECT null, null, version() --", "' UNION ALL SELECT content FROM change --",
    "admin'--", "\\'; SELECT 1; --", "'; SELECT pg_sleep(10); --", "'||(SELECT pg_sleep(10))||'",
    "'; COPY change TO '/dev/null'; --", "$$; DROP TABLE device; $$", "'; SET ROLE postgres; --", "'; RESET ROLE; --",
    "E'\\'; DROP TABLE x; --'", "%' AND 1=0 UNION SELECT 1 --", "_%", "%", "%%", "%s", "%(name)s", "%(id)s; --",
    "{0}", "{self}", ":name", ":1", "?", "@x", "$1", "?1", "NULL", "null", "true", "0x27", "CHAR(39)",
    "'; ATTACH DATABASE 'x' AS y; --", "'; PRAGMA key = ''; --", "'; PRAGMA writable_schema = 1; --",
    "' AND load_extension('x') --", "json_extract(body, '$')", "'$.given_name'", "$.given_name", "{\"$ne\": null}",
    "x' OR json_valid('{}') --", "\"", "\"\"", "\"Ngozi\" OR \"a\"", "Ngozi NOT Okafor", "Ngozi*", "NEAR(a b, 2)",
    "name : x", "^Ngozi", "a AND", "(", ")", "+ -", "a + b", "<script>alert(1)</script>", "&lt;b&gt;",
    "<img src=x onerror=alert(1)>", "{{7*7}}", "${7*7}", "`id`", "$(id)", "| cat /etc/passwd", "../../../etc/passwd",
    "file:name", "=1+1", "@SUM(A1)", "+1-1", "-2+3", "\t=cmd", "CON", "nul.txt", "a\r\nSet-Cookie: b=c", "\\", "\\\\",
    "\\0", "\\u0000", "\\x27", "\u2019 OR \u20191\u2019=\u20191", "\uff07 OR 1=1", "\u02bc; --", "\u202e'; --",
    "\ufeff'", "'\u200b OR 1=1", "\U0001f468\u200d\U0001f469'", "O'Brien", "d'Arc",
    "Robert'); DROP TABLE Students;--", "x" * 2000 + "'",
)  # fmt: skip
