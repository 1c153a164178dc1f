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
    /// <summary>Apps that write values into the text make each text once; beyond this many, nothing is remembered, nor is a text longer than that.</summary>
    const int MostRemembered = 1000, LongestRemembered = 4096;

    /// <summary>Characters of db.query.text; of a longer one the rest is left out. Collectors refuse requests of 4 MB.</summary>
    public const int Longest = 16_384;

    /// <summary>By dialects. Not one dictionary of pairs, see <see cref="PairMap{TFirst, TSecond, TValue}"/>.</summary>
    static readonly ConcurrentDictionary<string, SqlText>[] Remembered = Array.ConvertAll(Enum.GetNames<SqlDialect>(), static _ => new ConcurrentDictionary<string, SqlText>());

    /// <param name="sql">May be missing: a command need not have a text.</param>
    /// <param name="dialect">The database's.</param>
    public static SqlText Of(string? sql, SqlDialect dialect = SqlDialect.Standard)
    {
        if (sql is { Length: > LongestRemembered })
            return Parse(sql, dialect);
        var remembered = Remembered[(int)dialect];
        if (remembered.TryGetValue(sql ?? "", out var known))
            return known;
        var made = Parse(sql ?? "", dialect);
        if (remembered.Count < MostRemembered)
            remembered.TryAdd(sql ?? "", made);
        return made;
    }

    /// <summary>Of a command whose text is the name of a stored procedure.</summary>
    public static SqlText OfProcedure(string? name) => name is { Length: > LongestRemembered } ? Of(name) : new(name ?? "", $"EXECUTE {name}".TrimEnd());

    internal static SqlText Parse(string sql, SqlDialect dialect = SqlDialect.Standard)
    {
        var text = new StringBuilder(Math.Min(sql.Length, Longest));
        var summary = new SqlSummary();
        var rows = new SqlRows(dialect);
        for (var at = 0; at < sql.Length && text.Length <= Longest;)
        {
            var end = TokenEnd(sql, at, dialect, out var kind);
            var token = sql.AsSpan(at, end - at);
            if (kind != TokenKind.Comment && rows.BeginAt(kind == TokenKind.Word, token))
            {
                text.Append('?');
                break;
            }
            switch (kind)
            {
                case TokenKind.Space:
                    text.Append(token);
                    break;
                case TokenKind.Comment: // may carry anything
                    if (text.Length > 0 && !char.IsWhiteSpace(text[^1]))
                        text.Append(' ');
                    break;
                case TokenKind.Literal:
                    text.Append('?');
                    summary.AddSymbol('?');
                    break;
                case TokenKind.Word:
                    text.Append(token);
                    summary.AddWord(token);
                    break;
                case TokenKind.QuotedName:
                    text.Append(token);
                    summary.AddName(token[1..^1]);
                    break;
                default:
                    text.Append(token);
                    summary.AddSymbol(token[0]);
                    break;
            }
            at = end;
        }
        var isCut = text.Length > Longest;
        if (isCut)
            text.Length = Longest - 1;
        return new SqlText(isCut ? $"{text.ToString().TrimStart()}…" : text.ToString().Trim(), summary.End());
    }

    enum TokenKind
    {
        /// <summary>Operators, punctuation, parameters.</summary>
        Other,
        Space,
        Word,
        QuotedName,
        Literal,
        Comment,
    }

    static int TokenEnd(string sql, int at, SqlDialect dialect, out TokenKind kind)
    {
        var first = sql[at];
        var second = at + 1 < sql.Length ? sql[at + 1] : '\0';
        int end;
        switch (first)
        {
            case '\'' or '"' when dialect == SqlDialect.Unknown:
                kind = TokenKind.Literal;
                return UnknownClosing(sql, at, first);
            case '\'' or '"' when dialect == SqlDialect.MySql:
                kind = TokenKind.Literal;
                return Closing(sql, at, first, out _, escape: '\\');
            case '#' when dialect != SqlDialect.Standard:
                kind = TokenKind.Comment;
                end = LineEnd(sql, at);
                return dialect == SqlDialect.Unknown && HasQuote(sql, at, end) ? sql.Length : end; // it may be an operator, and a string begin there
            case '\'':
                kind = TokenKind.Literal;
                return Closing(sql, at, '\'', out _);
            case 'q' or 'Q' when second == '\'' && dialect != SqlDialect.MySql: // q'[it's]' Oracle's string with quotes of one's own
                kind = TokenKind.Literal;
                return dialect == SqlDialect.Unknown ? sql.Length : OwnClosing(sql, at + 2);
            case 'n' or 'N' when second is 'q' or 'Q' && at + 2 < sql.Length && sql[at + 2] == '\'' && dialect != SqlDialect.MySql:
                kind = TokenKind.Literal;
                return dialect == SqlDialect.Unknown ? sql.Length : OwnClosing(sql, at + 3);
            case 'x' or 'X' or 'n' or 'N' when second == '\'': // X'…' a blob, N'…' a national string
                kind = TokenKind.Literal;
                return dialect switch
                {
                    SqlDialect.Unknown => UnknownClosing(sql, at + 1, '\''),
                    SqlDialect.MySql => Closing(sql, at + 1, '\'', out _, escape: '\\'),
                    _ => Closing(sql, at + 1, '\'', out _),
                };
            case 'e' or 'E' when second == '\'' && dialect == SqlDialect.Standard: // E'…\'…' PostgreSQL's string with escapes
                kind = TokenKind.Literal;
                return Closing(sql, at + 1, '\'', out _, escape: '\\');
            case '"' or '`':
            case '[' when dialect != SqlDialect.Unknown && (at == 0 || !IsOperandEnd(sql[at - 1])): // otherwise it is an index or ARRAY[…], with literals inside
                end = Closing(sql, at, first == '[' ? ']' : first, out var isClosed);
                kind = isClosed ? TokenKind.QuotedName : TokenKind.Literal; // an open one would take literals with it
                return end;
            case '-' when second == '-' && (dialect != SqlDialect.MySql || at + 2 == sql.Length || char.IsWhiteSpace(sql[at + 2]) || char.IsControl(sql[at + 2])):
                kind = TokenKind.Comment;
                end = LineEnd(sql, at);
                var isMinus = dialect == SqlDialect.Unknown && at + 2 < sql.Length && !char.IsWhiteSpace(sql[at + 2]);
                return isMinus && HasQuote(sql, at, end) ? sql.Length : end;
            case '/' when second == '*':
                kind = TokenKind.Comment;
                end = sql.IndexOf("*/", at + 2, StringComparison.Ordinal) is var close and >= 0 ? close + 2 : sql.Length;
                // Comments in comments: some databases read them so, others not, and then what follows is within a string or not.
                return dialect != SqlDialect.MySql && sql.AsSpan(at + 2, end - at - 2).Contains("/*", StringComparison.Ordinal) ? sql.Length : end;
            case '$': // $1, $name; or $$…$$ and $tag$…$tag$, PostgreSQL's string without escapes
                end = WordEnd(sql, at + 1, mayHaveDollar: false);
                kind = end < sql.Length && sql[end] == '$' ? TokenKind.Literal : TokenKind.Other;
                return kind == TokenKind.Literal ? Closing(sql, end + 1, sql[at..(end + 1)]) : end;
            case '@' or ':' or '?':
                kind = TokenKind.Other;
                return WordEnd(sql, at + 1);
        }
        if (char.IsWhiteSpace(first))
        {
            kind = TokenKind.Space;
            return at + 1;
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
    static int Closing(string sql, int at, char quote, out bool isClosed, char escape = '\0')
    {
        isClosed = true;
        for (var i = at + 1; i < sql.Length; i++)
        {
            if (sql[i] == escape && escape != '\0')
                i++;
            else if (sql[i] == quote && (i + 1 == sql.Length || sql[i + 1] != quote))
                return i + 1;
            else if (sql[i] == quote)
                i++;
        }
        isClosed = false;
        return sql.Length;
    }

    /// <summary>
    /// Likewise, of a database that is not known. A backslash before a quote may be an escape, three quotes may be one: where the string ends
    /// depends on it, so it goes to the end.
    /// </summary>
    static int UnknownClosing(string sql, int at, char quote)
    {
        var end = Closing(sql, at, quote, out _);
        var literal = sql.AsSpan(at, end - at);
        return literal.Contains($"\\{quote}", StringComparison.Ordinal) || literal.StartsWith($"{quote}{quote}{quote}", StringComparison.Ordinal) ? sql.Length : end;
    }

    /// <summary>Behind the end of q'[…]': the bracket that fits, or the same character, and a quote.</summary>
    static int OwnClosing(string sql, int at)
    {
        if (at >= sql.Length)
            return sql.Length;
        var closing = sql[at] switch { '[' => ']', '{' => '}', '<' => '>', '(' => ')', var other => other };
        return Closing(sql, at + 1, $"{closing}'");
    }

    static int LineEnd(string sql, int at) => sql.IndexOf('\n', at) is var line and >= 0 ? line : sql.Length;

    static bool HasQuote(string sql, int at, int end) => sql.AsSpan(at, end - at).ContainsAny('\'', '"', '`');

    static bool IsOperandEnd(char c) => IsWordPart(c) || c is ')' or ']' or '"' or '\'';

    static int Closing(string sql, int at, string tag) => sql.IndexOf(tag, at, StringComparison.Ordinal) is var close and >= 0 ? close + tag.Length : sql.Length;

    static bool IsWordPart(char c) => char.IsLetterOrDigit(c) || c is '_' or '$';

    static int WordEnd(string sql, int at, bool mayHaveDollar = true)
    {
        while (at < sql.Length && IsWordPart(sql[at]) && (mayHaveDollar || sql[at] != '$'))
            at++;
        return at;
    }

    /// <summary>Also 0xFF, 1.5e-3 and 1_000.</summary>
    static int NumberEnd(string sql, int at)
    {
        while (at < sql.Length && (IsWordPart(sql[at]) || sql[at] == '.' || IsSignOfExponent(sql, at)))
            at++;
        return at;
    }

    static bool IsSignOfExponent(string sql, int at) =>
        sql[at] is '+' or '-' && sql[at - 1] is 'e' or 'E' && at + 1 < sql.Length && char.IsAsciiDigit(sql[at + 1]);
}
