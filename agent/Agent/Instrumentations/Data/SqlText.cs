using System.Collections.Concurrent;
using System.Text;

namespace Agent.Instrumentations.Data;

/// <summary>
/// What may leave the process of a SQL text: the text with every literal replaced by a question mark, and a summary of low cardinality,
/// «SELECT Products Stock», for the span's name (semantic conventions, db.query.summary).
/// </summary>
/// <param name="Text">The text without literals.</param>
/// <param name="Summary">Operations and the tables they are for; empty if the text has neither.</param>
sealed record SqlText(string Text, string Summary)
{
    /// <summary>Apps that write values into the text make each text once; beyond this many, nothing is remembered.</summary>
    const int MostRemembered = 1000;
    const int LongestSummary = 255;

    static readonly ConcurrentDictionary<string, SqlText> Remembered = new(StringComparer.Ordinal);

    public static SqlText Of(string sql)
    {
        if (Remembered.TryGetValue(sql, out var known))
            return known;
        var made = Parse(sql);
        if (Remembered.Count < MostRemembered)
            Remembered.TryAdd(sql, made);
        return made;
    }

    internal static SqlText Parse(string sql)
    {
        var text = new StringBuilder(sql.Length);
        var summary = new StringBuilder();
        var expectsTable = false;
        for (var at = 0; at < sql.Length;)
        {
            var end = TokenEnd(sql, at, out var kind);
            var token = sql.AsSpan(at, end - at);
            switch (kind)
            {
                case TokenKind.Literal:
                    text.Append('?');
                    break;
                case TokenKind.Comment:
                    break; // may carry anything
                case TokenKind.Word:
                    text.Append(token);
                    expectsTable = Summarize(summary, token, expectsTable);
                    break;
                case TokenKind.QuotedName:
                    text.Append(token);
                    if (expectsTable && token.Length > 2)
                        AddTo(summary, token[1..^1]);
                    expectsTable = false;
                    break;
                default:
                    text.Append(token);
                    if (kind == TokenKind.Other && token is not "." && !token.IsWhiteSpace())
                        expectsTable = false;
                    break;
            }
            at = end;
        }
        return new SqlText(text.ToString().Trim(), summary.ToString());
    }

    /// <summary>Whether the next name is that of a table.</summary>
    static bool Summarize(StringBuilder summary, ReadOnlySpan<char> word, bool expectsTable)
    {
        Span<char> upper = stackalloc char[16];
        if (word.Length <= upper.Length)
        {
            switch (upper[..word.ToUpperInvariant(upper)])
            {
                case "SELECT" or "INSERT" or "UPDATE" or "DELETE" or "MERGE" or "CREATE" or "DROP" or "ALTER" or "PRAGMA" or "BEGIN" or "COMMIT"
                    or "ROLLBACK" or "SAVEPOINT" or "RELEASE" or "VACUUM" or "EXPLAIN" or "TRUNCATE" or "CALL" or "EXEC" or "EXECUTE" or "ANALYZE":
                    AddTo(summary, upper[..word.Length]);
                    return upper[..word.Length] is "UPDATE" or "TRUNCATE" or "CALL" or "EXEC" or "EXECUTE" or "PRAGMA";
                case "FROM" or "JOIN" or "INTO" or "TABLE" or "INDEX" or "VIEW":
                    return true;
                case "IF" or "NOT" or "EXISTS" or "OR" or "IGNORE" or "REPLACE" or "ABORT" or "ONLY":
                    return expectsTable; // between the keyword and the name
            }
        }
        if (expectsTable)
            AddTo(summary, word);
        return false;
    }

    static void AddTo(StringBuilder summary, ReadOnlySpan<char> part)
    {
        if (summary.Length + part.Length >= LongestSummary)
            return;
        if (summary.Length > 0)
            summary.Append(' ');
        summary.Append(part);
    }

    enum TokenKind
    {
        Other,
        Word,
        QuotedName,
        Parameter,
        Literal,
        Comment,
    }

    static int TokenEnd(string sql, int at, out TokenKind kind)
    {
        var first = sql[at];
        var second = at + 1 < sql.Length ? sql[at + 1] : '\0';
        switch (first)
        {
            case '\'':
                kind = TokenKind.Literal;
                return Closing(sql, at, '\'');
            case '"' or '`':
                kind = TokenKind.QuotedName;
                return Closing(sql, at, first);
            case '[':
                kind = TokenKind.QuotedName;
                return Closing(sql, at, ']');
            case '-' when second == '-':
                kind = TokenKind.Comment;
                return sql.IndexOf('\n', at) is var line and >= 0 ? line : sql.Length;
            case '/' when second == '*':
                kind = TokenKind.Comment;
                return sql.IndexOf("*/", at + 2, StringComparison.Ordinal) is var close and >= 0 ? close + 2 : sql.Length;
            case '@' or ':' or '$' or '#':
                kind = TokenKind.Parameter;
                return WordEnd(sql, at + 1);
            case 'x' or 'X' or 'n' or 'N' when second == '\'': // X'…' a blob, N'…' a national string
                kind = TokenKind.Literal;
                return Closing(sql, at + 1, '\'');
        }
        if (char.IsAsciiDigit(first) || first == '.' && char.IsAsciiDigit(second))
        {
            kind = TokenKind.Literal;
            return NumberEnd(sql, at);
        }
        if (char.IsLetter(first) || first == '_')
        {
            kind = TokenKind.Word;
            return WordEnd(sql, at);
        }
        kind = TokenKind.Other;
        return at + 1;
    }

    /// <summary>Behind the closing quote; a doubled one is part of the text. An open literal goes to the end: rather too much hidden.</summary>
    static int Closing(string sql, int at, char quote)
    {
        for (var i = at + 1; i < sql.Length; i++)
        {
            if (sql[i] != quote)
                continue;
            if (i + 1 == sql.Length || sql[i + 1] != quote)
                return i + 1;
            i++;
        }
        return sql.Length;
    }

    static int WordEnd(string sql, int at)
    {
        while (at < sql.Length && (char.IsLetterOrDigit(sql[at]) || sql[at] is '_' or '$'))
            at++;
        return at;
    }

    static int NumberEnd(string sql, int at)
    {
        while (at < sql.Length && (char.IsAsciiLetterOrDigit(sql[at]) || sql[at] == '.' || sql[at] is '+' or '-' && sql[at - 1] is 'e' or 'E'))
            at++;
        return at;
    }
}
