using System.Globalization;
using System.Text;
using Agent.Instrumentations.Data;

namespace Agent.UnitTests;

[TestClass]
public sealed class SqlTextTests
{
    [TestMethod]
    // one statement
    [DataRow("SELECT * FROM Products", "SELECT Products")]
    [DataRow("select * from Products", "SELECT Products")]
    [DataRow("SELECT 1", "SELECT")]
    [DataRow("SELECT * FROM \"main\".\"Products\"", "SELECT main.Products")]
    [DataRow("SELECT * FROM [main] . [Order Lines]", "SELECT main.Order Lines")]
    [DataRow("SELECT * FROM a.b.c AS x WHERE x.d = 1", "SELECT a.b.c")]
    [DataRow("SELECT o.a FROM Orders AS o INNER JOIN Lines AS l ON o.Id = l.OrderId LEFT JOIN Stock ON 1 = 1", "SELECT Orders Lines Stock")]
    [DataRow("SELECT * FROM a, b WHERE a.x = b.y", "SELECT a b")]
    [DataRow("SELECT * FROM a AS x, main.b y, c", "SELECT a main.b c")]
    [DataRow("SELECT a, b FROM t ORDER BY x, y", "SELECT t")]
    [DataRow("SELECT a FROM t GROUP BY x, y HAVING z > 1 LIMIT 5, 10", "SELECT t")]
    [DataRow("SELECT DISTINCT a FROM t WHERE b IS DISTINCT FROM c", "SELECT t")]
    [DataRow("SELECT o.\"Select\", o.delete, o.Update FROM t o", "SELECT t")]
    [DataRow("SELECT \"DELETE\" FROM \"UPDATE\"", "SELECT UPDATE")]
    [DataRow("SELECT * FROM t FOR UPDATE", "SELECT t")]
    [DataRow("SELECT * FROM t FOR NO KEY UPDATE OF t", "SELECT t")]
    [DataRow("SELECT begin, commit, release FROM t", "SELECT t")]
    [DataRow("SELECT REPLACE(a, 'x', 'y') FROM t", "SELECT t")]
    [DataRow("SELECT * FROM 'file.csv'", "SELECT")]
    [DataRow("SELECT * FROM @rows WHERE a = 1", "SELECT")]
    [DataRow("SELECT * FROM \"\"", "SELECT")]
    [DataRow("SELECT * FROM /* all */ t -- FROM u", "SELECT t")]
    [DataRow("INSERT INTO a (x, y) VALUES (@p0, @p1) RETURNING \"Id\", y", "INSERT a")]
    [DataRow("INSERT OR REPLACE INTO a VALUES (1)", "INSERT a")]
    [DataRow("INSERT INTO a (x) VALUES (1) ON CONFLICT (x) DO UPDATE SET y = 2", "INSERT a")]
    [DataRow("INSERT INTO a (x) VALUES (1) ON DUPLICATE KEY UPDATE y = 2", "INSERT a")]
    [DataRow("INSERT INTO a SELECT x FROM b", "INSERT a SELECT b")]
    [DataRow("REPLACE INTO a VALUES (1)", "REPLACE a")]
    [DataRow("UPDATE \"Products\" AS \"p\" SET \"Stock\" = \"p\".\"Stock\" - 1, x = 2 WHERE \"p\".\"Id\" = @id", "UPDATE Products")]
    [DataRow("UPDATE OR IGNORE t SET a = 1", "UPDATE t")]
    [DataRow("UPDATE ONLY t SET a = 1", "UPDATE t")]
    [DataRow("DELETE FROM t WHERE a = 1 RETURNING b, c", "DELETE t")]
    [DataRow("DELETE FROM t RETURNING b, c", "DELETE t")]
    [DataRow("MERGE INTO t USING s ON t.a = s.a WHEN MATCHED THEN UPDATE SET b = 1 WHEN NOT MATCHED THEN INSERT (a) VALUES (1)", "MERGE t")]
    [DataRow("TRUNCATE TABLE t", "TRUNCATE t")]
    [DataRow("EXEC dbo.Restock @p0", "EXEC dbo.Restock")]
    // subqueries and common table expressions
    [DataRow("SELECT * FROM (SELECT * FROM t) AS x", "SELECT SELECT t")]
    [DataRow("SELECT * FROM (a JOIN b ON 1 = 1)", "SELECT a b")]
    [DataRow("SELECT * FROM a WHERE EXISTS (SELECT 1 FROM b WHERE b.x = a.x)", "SELECT a SELECT b")]
    [DataRow("SELECT a FROM t UNION ALL SELECT a FROM t", "SELECT t")]
    [DataRow("WITH c AS (SELECT * FROM t) SELECT * FROM c", "SELECT t SELECT c")]
    [DataRow("WITH RECURSIVE c(n) AS (VALUES (1) UNION SELECT n FROM c) DELETE FROM t", "SELECT c DELETE t")]
    [DataRow("SELECT * FROM (VALUES (1), (2)) AS v", "SELECT")]
    // definitions
    [DataRow("CREATE TABLE x (a INTEGER, b TEXT)", "CREATE TABLE x")]
    [DataRow("CREATE TABLE IF NOT EXISTS \"x\" (a INTEGER)", "CREATE TABLE x")]
    [DataRow("create temporary table main.x (a INTEGER)", "CREATE TABLE main.x")]
    [DataRow("CREATE TABLE x (a REFERENCES y (Id) ON DELETE CASCADE ON UPDATE SET NULL)", "CREATE TABLE x")]
    [DataRow("CREATE TABLE x AS SELECT * FROM y", "CREATE TABLE x SELECT y")]
    [DataRow("DROP TABLE IF EXISTS x", "DROP TABLE x")]
    [DataRow("DROP TABLE x, y", "DROP TABLE x y")]
    [DataRow("ALTER TABLE x DROP COLUMN y", "ALTER TABLE x")]
    [DataRow("ALTER TABLE \"x\" RENAME TO \"y\"", "ALTER TABLE x")]
    [DataRow("CREATE INDEX \"IX_x\" ON \"x\" (\"a\", b)", "CREATE INDEX IX_x")]
    [DataRow("CREATE UNIQUE INDEX IF NOT EXISTS IX_x ON x (a)", "CREATE UNIQUE INDEX IX_x")]
    [DataRow("DROP INDEX IX_x", "DROP INDEX IX_x")]
    [DataRow("CREATE OR REPLACE VIEW v AS SELECT * FROM t", "CREATE VIEW v SELECT t")]
    [DataRow("CREATE TRIGGER tr AFTER INSERT ON t BEGIN UPDATE u SET a = 1; END", "CREATE TRIGGER tr UPDATE u")]
    // the rest
    [DataRow("PRAGMA journal_mode = 'wal'", "PRAGMA journal_mode")]
    [DataRow("PRAGMA main.table_info(\"x\")", "PRAGMA main.table_info")]
    [DataRow("BEGIN IMMEDIATE", "BEGIN")]
    [DataRow("COMMIT", "COMMIT")]
    [DataRow("ROLLBACK TO SAVEPOINT s1", "ROLLBACK")]
    [DataRow("SAVEPOINT s1", "SAVEPOINT")]
    [DataRow("EXPLAIN QUERY PLAN SELECT * FROM t", "EXPLAIN SELECT t")]
    [DataRow("VACUUM", "VACUUM")]
    [DataRow("VALUES (1)", "")]
    [DataRow("FROM t", "")]
    [DataRow(";", "")]
    [DataRow("", "")]
    // several statements
    [DataRow("BEGIN; DELETE FROM a; COMMIT;", "BEGIN DELETE a COMMIT")]
    [DataRow("INSERT INTO a VALUES (1); SELECT changes(); INSERT INTO a VALUES (2)", "INSERT a SELECT")]
    [DataRow("INSERT INTO a VALUES (1); INSERT INTO b VALUES (1); INSERT INTO a VALUES (2)", "INSERT a INSERT b")]
    [DataRow("SELECT * FROM a;DROP TABLE b", "SELECT a DROP TABLE b")]
    public void The_summary_is_each_operation_with_its_targets_once(string sql, string expected) => Assert.AreEqual(expected, SqlText.Parse(sql).Summary);

    [TestMethod]
    // strings
    [DataRow("SELECT 'a'", "SELECT ?")]
    [DataRow("SELECT 'it''s', ''", "SELECT ?, ?")]
    [DataRow("SELECT N'a', n'b', X'00FF', E'it\\'s'", "SELECT ?, ?, ?, ?")]
    [DataRow("SELECT $$it's$$, $x$a $$ b$x$, $1", "SELECT ?, ?, $1")]
    [DataRow("WHERE a LIKE'x'", "WHERE a LIKE?")]
    [DataRow("SELECT 'open -- FROM t", "SELECT ?")]
    [DataRow("SELECT \"open FROM t WHERE a = 'b'", "SELECT ?")]
    [DataRow("SELECT [open FROM t WHERE a = 'b'", "SELECT ?")]
    [DataRow("SELECT $$open FROM t", "SELECT ?")]
    // numbers
    [DataRow("SELECT 1, -1, +1, 1.5e-3, .5, 0xFF, 1_000_000, 1E5", "SELECT ?, -?, +?, ?, ?, ?, ?, ?")]
    [DataRow("SELECT 1-2, a-1, 1e--2", "SELECT ?-?, a-?, ?")]
    [DataRow("LIMIT(5)", "LIMIT(?)")]
    [DataRow("SELECT ARRAY['a', 1], b[2]", "SELECT ARRAY[?, ?], b[?]")]
    // comments
    [DataRow("-- all of them\nSELECT a -- b\nFROM t", "SELECT a \nFROM t")]
    [DataRow("SELECT/* a */1/**/FROM t /* open", "SELECT ? FROM t")]
    [DataRow("SELECT '--', '/*' FROM t", "SELECT ?, ? FROM t")]
    // what stays
    [DataRow("SELECT @p0, :p, $1, $p, ?, ?1, a::text", "SELECT @p0, :p, $1, $p, ?, ?1, a::text")]
    [DataRow("SELECT Table1.c2, \"Col 2\", \"a\"\"3\", [x 4], `q5`, _6, a$7, é8 FROM #t9", "SELECT Table1.c2, \"Col 2\", \"a\"\"3\", [x 4], `q5`, _6, a$7, é8 FROM #t9")]
    [DataRow("SELECT NULL, TRUE", "SELECT NULL, TRUE")]
    [DataRow("  SELECT a\r\n\tFROM t ", "SELECT a\r\n\tFROM t")]
    [DataRow("", "")]
    [DataRow("'", "?")]
    [DataRow("\"", "?")]
    [DataRow("$", "$")]
    [DataRow("-", "-")]
    public void The_text_has_a_question_mark_for_each_literal_and_no_comments(string sql, string expected) => Assert.AreEqual(expected, SqlText.Parse(sql).Text);

    [TestMethod]
    public void A_summary_ends_before_the_word_that_would_make_it_longer_than_255_characters()
    {
        var names = Enumerable.Range(0, 40).Select(i => $"Table{i:00}").ToArray();
        var whole = "SELECT " + string.Join(' ', names); // 6 + 40 × 8
        Assert.AreEqual(whole[..254], SqlText.Parse($"SELECT * FROM {string.Join(", ", names)}; SELECT 1").Summary);
        Assert.AreEqual(' ', whole[254], "the summary is cut between words");
    }

    [TestMethod]
    [DataRow(248, true)]
    [DataRow(249, false)]
    public void A_name_is_whole_or_not_there(int length, bool isThere)
    {
        var name = new string('t', length);
        Assert.AreEqual(isThere ? $"SELECT {name}" : "SELECT", SqlText.Parse($"SELECT * FROM {name}").Summary);
        Assert.AreEqual(isThere ? $"SELECT a.{name[2..]}" : "SELECT", SqlText.Parse($"SELECT * FROM a.{name[2..]}").Summary);
    }

    [TestMethod]
    public void What_was_said_already_does_not_count_towards_the_length()
    {
        var sql = string.Concat(Enumerable.Repeat("INSERT INTO Products VALUES (1); SELECT changes();", 100));
        Assert.AreEqual("INSERT Products SELECT DELETE Stock", SqlText.Parse(sql + "DELETE FROM Stock").Summary);
    }

    [TestMethod]
    public void A_command_without_a_text_has_an_empty_one()
    {
        Assert.AreEqual(new SqlText("", ""), SqlText.Of(null));
        Assert.AreEqual(new SqlText("", ""), SqlText.Of(""));
    }

    /// <summary>One test, because the memory belongs to the process.</summary>
    [TestMethod]
    public void A_long_text_is_cut_and_not_remembered()
    {
        var rows = string.Join(", ", Enumerable.Range(0, 20_000).Select(i => $"({i}, 'value {i}')"));
        var text = SqlText.Of($"INSERT INTO t (a, b) VALUES {rows}");
        Assert.AreEqual(SqlText.Longest, text.Text.Length);
        StringAssert.StartsWith(text.Text, "INSERT INTO t (a, b) VALUES (?, ?), (?, ?)");
        StringAssert.EndsWith(text.Text, "…");
        Assert.AreEqual("INSERT t", text.Summary);
        Assert.AreNotSame(text, SqlText.Of($"INSERT INTO t (a, b) VALUES {rows}"));
    }

    [TestMethod]
    public void A_text_is_parsed_once_as_long_as_there_is_memory_for_it()
    {
        var first = SqlText.Of("SELECT 'first'");
        Assert.AreEqual(new SqlText("SELECT ?", "SELECT"), first);
        Assert.AreSame(first, SqlText.Of(new StringBuilder("SELECT 'first'").ToString()));

        var remembered = 0;
        for (var i = 0; i < 1100; i++)
        {
            var sql = $"SELECT {i}";
            if (ReferenceEquals(SqlText.Of(sql), SqlText.Of(sql)))
                remembered++;
        }
        Assert.IsInRange(900, 1000, remembered);
        Assert.AreSame(first, SqlText.Of("SELECT 'first'"));
        Assert.AreNotSame(SqlText.Of("SELECT 'last'"), SqlText.Of("SELECT 'last'"));
        Assert.AreEqual(new SqlText("SELECT ?", "SELECT"), SqlText.Of("SELECT 'last'"));
    }

    [TestMethod]
    public void No_literal_survives()
    {
        var random = new Random(20250801);
        for (var i = 0; i < 20_000; i++)
        {
            var secrets = new List<string>();
            var sql = Statement(random, secrets);
            var parsed = SqlText.Parse(sql);
            foreach (var secret in secrets)
            {
                StringAssert.Contains(sql, secret);
                Assert.IsFalse(parsed.Text.Contains(secret, StringComparison.OrdinalIgnoreCase), $"{secret} of {sql} is in the text {parsed.Text}");
                Assert.IsFalse(parsed.Summary.Contains(secret, StringComparison.OrdinalIgnoreCase), $"{secret} of {sql} is in the summary {parsed.Summary}");
            }
            Assert.IsLessThanOrEqualTo(255, parsed.Summary.Length);
        }
    }

    /// <summary>Words, names and signs in any order, so mostly no SQL that a database would take; literals and comments only where they are told from the rest.</summary>
    static string Statement(Random random, List<string> secrets)
    {
        string[] plain =
        [
            "SELECT", "INSERT INTO", "UPDATE", "DELETE FROM", "FROM", "JOIN", "VALUES", "CREATE TABLE", "PRAGMA", "EXEC", "ON", "AS", "t", "Table1", "a.b",
            "\"Col 2\"", "[x y]", "`q`", "\"it's\"", "@p0", ":p", "$1", "?",
        ];
        string[] signs = ["(", ")", ",", ";", "=", "<>", "-", "+", "||", "*", "/ ", "\n", " "];
        var sql = new StringBuilder();
        for (var i = random.Next(1, 15); i > 0; i--)
        {
            sql.Append(random.Next(3) == 0 ? Planted(random, secrets) : plain[random.Next(plain.Length)]);
            sql.Append(random.Next(2) == 0 ? " " : signs[random.Next(signs.Length)]);
        }
        // An open string: it goes to the end.
        return random.Next(10) == 0 ? $"{sql}'{Secret(random, secrets)} FROM t" : sql.ToString();
    }

    static string Planted(Random random, List<string> secrets)
    {
        var secret = Secret(random, secrets);
        var number = random.Next(100_000_000, int.MaxValue).ToString(CultureInfo.InvariantCulture);
        switch (random.Next(13))
        {
            case 0: return $"'{secret}'";
            case 1: return $"'it''s {secret} -- ''{secret}'' /* \" ['";
            case 2: return $"N'{secret}'";
            case 3: return $"E'\\'{secret}\\\\'";
            case 4: return $"$${secret}'$$";
            case 5: return $"/* FROM '{secret} */";
            case 6: return $"-- \"{secret}\n";
        }
        secrets[^1] = number;
        return random.Next(6) switch
        {
            0 => number,
            1 => $"-{number}",
            2 => $"0x{number}",
            3 => $"0.{number}e-{number}",
            4 => $".{number}",
            _ => $"X'{number}0'",
        };
    }

    static string Secret(Random random, List<string> secrets)
    {
        var secret = $"hush{random.Next(100_000, 1_000_000)}";
        secrets.Add(secret);
        return secret;
    }

    [TestMethod]
    [DataRow("SELECT * FROM `a` WHERE b = \"s3cret\"", "SELECT * FROM `a` WHERE b = ?")]
    [DataRow("SELECT * FROM a WHERE b = 'x\\' OR s3cret' AND c = 1", "SELECT * FROM a WHERE b = ? AND c = ?")]
    [DataRow("SELECT * FROM a WHERE b = \"x\\\" OR s3cret\"", "SELECT * FROM a WHERE b = ?")]
    [DataRow("SELECT 1 # s3cret\nFROM a", "SELECT ? \nFROM a")]
    public void Of_MySql_double_quotes_backslashes_and_hashes_mean_something_else(string sql, string expected) =>
        Assert.AreEqual(expected, SqlText.Parse(sql, SqlDialect.MySql).Text);

    /// <summary>Each with the database that reads it so. Whatever the dialect is taken for, the secret does not leave; nor where it is not known.</summary>
    [TestMethod]
    [DataRow(nameof(SqlDialect.Unknown), "INSERT INTO cards FORMAT CSV\n4111111,Alice,s3cret", "ClickHouse")]
    [DataRow(nameof(SqlDialect.Unknown), "INSERT INTO cards (a, b) SETTINGS x = 1 FORMAT /* which */ JSONEachRow {\"number\":\"4111\",\"name\":\"s3cret\"}", "ClickHouse")]
    [DataRow(nameof(SqlDialect.Unknown), "INSERT INTO t format TabSeparated\ns3cret\t1", "ClickHouse")]
    [DataRow(nameof(SqlDialect.Unknown), "SELECT * FROM t WHERE a = 'it\\'s s3cret'", "ClickHouse")]
    [DataRow(nameof(SqlDialect.Unknown), "SELECT * FROM t WHERE a = 'it\\'s s3cret' AND b = 'c'", "ClickHouse")]
    [DataRow(nameof(SqlDialect.Unknown), "SELECT \"it\\\"s s3cret\"", "BigQuery, Spark")]
    [DataRow(nameof(SqlDialect.Unknown), "SELECT \"s3cret\"", "BigQuery, Spark, MySQL")]
    [DataRow(nameof(SqlDialect.Unknown), "SELECT '''it's s3cret'''", "BigQuery")]
    [DataRow(nameof(SqlDialect.Unknown), "SELECT ['s3cret', 'b']", "ClickHouse, DuckDB, BigQuery")]
    [DataRow(nameof(SqlDialect.Unknown), "SELECT 1 # it's s3cret\n", "MySQL, BigQuery")]
    [DataRow(nameof(SqlDialect.Unknown), "SELECT a # 'x\ny s3cret'", "PostgreSQL")]
    [DataRow(nameof(SqlDialect.Unknown), "SELECT 5--'x\n s3cret'", "MySQL")]
    [DataRow(nameof(SqlDialect.Unknown), "SELECT r'a\\' || 's3cret'", "BigQuery")]
    [DataRow(nameof(SqlDialect.Unknown), "SELECT q'[it's s3cret]' FROM t", "Oracle")]
    [DataRow(nameof(SqlDialect.Unknown), "SELECT N'x\\' s3cret'", "MySQL")]
    [DataRow(nameof(SqlDialect.Unknown), "SELECT /* a /* b */ s3cret */ 1", "PostgreSQL, SQL Server")]
    [DataRow(nameof(SqlDialect.Unknown), "SELECT /* a /* b */ ' */ s3cret'", "SQLite, Oracle")]
    [DataRow(nameof(SqlDialect.Unknown), "SELECT $$it's s3cret$$, $h$s3cret$h$", "PostgreSQL, DuckDB, ClickHouse")]
    [DataRow(nameof(SqlDialect.Unknown), "COPY t (a, b) FROM STDIN WITH (FORMAT csv);\ns3cret,1\n\\.", "PostgreSQL")]
    [DataRow(nameof(SqlDialect.Standard), "SELECT q'[it's s3cret]', nq'<it's s3cret>', Q'!it's s3cret!' FROM t", "Oracle")]
    [DataRow(nameof(SqlDialect.Standard), "SELECT /* a /* b */ s3cret */ 1", "PostgreSQL, SQL Server")]
    [DataRow(nameof(SqlDialect.Standard), "SELECT /* a /* b */ ' */ s3cret'", "SQLite, Oracle")]
    [DataRow(nameof(SqlDialect.Standard), "SELECT (data)['s3cret'], data['a']['s3cret'] FROM t", "PostgreSQL")]
    [DataRow(nameof(SqlDialect.Standard), "COPY t FROM STDIN\ns3cret\t1\n", "PostgreSQL")]
    [DataRow(nameof(SqlDialect.MySql), "SELECT 5--'x\n s3cret'", "MySQL")]
    [DataRow(nameof(SqlDialect.MySql), "SELECT N'x\\' s3cret', X'41'", "MySQL")]
    [DataRow(nameof(SqlDialect.MySql), "SELECT 1 -- it's s3cret\n, 2", "MySQL")]
    public void No_reading_lets_a_secret_leave(string dialect, string sql, string database)
    {
        var parsed = SqlText.Parse(sql, Enum.Parse<SqlDialect>(dialect));

        Assert.DoesNotContain("s3cret", parsed.Text, database);
        Assert.DoesNotContain("s3cret", parsed.Summary, database);
        Assert.DoesNotContain("s3cret", SqlText.Parse(sql, SqlDialect.Unknown).Text, database);
    }

    [TestMethod]
    [DataRow("SELECT a, `b` FROM t AS x WHERE x.c = 'd' AND e > 5 -- all\nORDER BY f", "SELECT a, `b` FROM t AS x WHERE x.c = ? AND e > ? \nORDER BY f", "SELECT t")]
    [DataRow("INSERT INTO t (format, name) VALUES ('a', 'b')", "INSERT INTO t (format, name) VALUES (?, ?)", "INSERT t")]
    [DataRow("INSERT INTO cards FORMAT CSV\n4111,Alice", "INSERT INTO cards FORMAT CSV\n?", "INSERT cards")]
    [DataRow("SELECT a FROM t FORMAT JSON", "SELECT a FROM t FORMAT JSON", "SELECT t")]
    [DataRow("SELECT 'it''s' FROM t", "SELECT ? FROM t", "SELECT t")]
    [DataRow("UPDATE t SET a = 'C:\\' WHERE b = 1", "UPDATE t SET a = ?", "UPDATE t")]
    public void Of_an_unknown_database_what_is_certain_stays(string sql, string text, string summary)
    {
        var parsed = SqlText.Parse(sql, SqlDialect.Unknown);
        Assert.AreEqual((text, summary), (parsed.Text, parsed.Summary));
    }

    /// <summary>Random statements out of the pieces above, one after the other: each reading by which a piece is a literal or a comment hides it.</summary>
    [TestMethod]
    public void Secrets_of_any_dialect_stay_where_the_database_is_not_known()
    {
        var random = new Random(19);
        string[] pieces =
        [
            "'s3cret'", "'it''s s3cret'", "'it\\'s s3cret'", "\"s3cret\"", "N's3cret'", "E'\\'s3cret'", "X'5ec5ec5ec'", "q'[it's s3cret]'", "$$s3cret$$", "$a$it's s3cret$a$", "['s3cret']", "{'k': 's3cret'}",
            "/* s3cret */", "/* a /* s3cret */ s3cret */", "-- s3cret\n", "# s3cret\n", "# it's s3cret\n", "'''it's s3cret'''", "r'\\' 's3cret'", "b\"s3cret\"", "_utf8's3cret'", "U&'s3cret'",
        ];
        string[] plain = ["SELECT", "a", "FROM t", ",", "(", ")", "=", "WHERE", "@p", "\n", "x.y", "AND", "[0]", "- -", "/"];
        for (var i = 0; i < 20_000; i++)
        {
            var sql = new StringBuilder();
            for (var j = random.Next(1, 8); j > 0; j--)
                sql.Append(random.Next(2) == 0 ? pieces[random.Next(pieces.Length)] : plain[random.Next(plain.Length)]).Append(' ');
            var parsed = SqlText.Parse(sql.ToString(), SqlDialect.Unknown);
            Assert.DoesNotContain("s3cret", parsed.Text + parsed.Summary, sql.ToString());
        }
    }

    [TestMethod]
    public void A_text_is_remembered_for_its_dialect()
    {
        const string sql = "SELECT \"dialect\"";
        Assert.AreEqual((sql, "SELECT ?"), (SqlText.Of(sql).Text, SqlText.Of(sql, SqlDialect.MySql).Text));
    }
}
