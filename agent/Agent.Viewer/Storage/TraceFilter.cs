using System.Globalization;
using System.Text;

namespace Agent.Viewer.Storage;

/// <summary>
/// A condition on traces, as people write it: terms separated by blanks, all of which must be true.
/// <code>
/// checkout                     some span has this text in its name, in an attribute's name or in a value
/// http.route=/orders/{id}      some span has an attribute with this value; * stands for any characters
/// db.query.text~products       … whose value contains this text
/// http.response.status_code>=500   … whose value is a number, at least this one
/// dispatch.kind=               … whose value is empty
/// service=shop  name=GET*  kind=client  error   the same for what every span has
/// duration>100ms  spans>20  errors>0  root=GET*  trace=4bf9…   of the trace as a whole
/// span.duration>10ms           some span lasted longer
/// !db.system.name  !name=SELECT*   no span is so
/// name="two words"  "two words"  quotes, with \" for a quote
/// </code>
/// A term is fulfilled by any span of the trace, another term perhaps by another one; in <see cref="OnOneSpan"/> by one and the same.
/// </summary>
public sealed class TraceFilter
{
    /// <summary>The fields that are no attributes.</summary>
    public static IReadOnlyList<string> Fields { get; } = ["service", "name", "kind", "error", "span.duration", "duration", "spans", "errors", "root", "trace"];

    TraceFilter(IReadOnlyList<FilterTerm> terms, bool onOneSpan) => (Terms, OnOneSpan) = (terms, onOneSpan);

    /// <summary>Lets every trace through.</summary>
    public static TraceFilter Everything { get; } = new([], onOneSpan: false);

    /// <summary>All of them must be true.</summary>
    public IReadOnlyList<FilterTerm> Terms { get; }

    /// <summary>True if the terms about spans must all be true of one span, as programs ask (Jaeger's API); negated ones of none.</summary>
    public bool OnOneSpan { get; }

    /// <summary>A filter of these terms.</summary>
    /// <exception cref="FormatException">A value does not fit its field; the message names both and says what is expected.</exception>
    public static TraceFilter Of(IEnumerable<FilterTerm> terms, bool onOneSpan = false)
    {
        FilterTerm[] all = [.. terms];
        foreach (var term in all)
            Check(term);
        return new(all, onOneSpan);
    }

    /// <summary>Reads a filter as people write it.</summary>
    /// <exception cref="FormatException">It cannot be understood; the message names the term and says what is expected.</exception>
    public static TraceFilter Parse(string text)
    {
        var terms = new List<FilterTerm>();
        for (var at = 0; ;)
        {
            while (at < text.Length && char.IsWhiteSpace(text[at]))
                at++;
            if (at == text.Length)
                return Of(terms);
            terms.Add(Term(text, ref at));
        }
    }

    /// <summary>The filter as it can be written; <see cref="Parse"/> reads it.</summary>
    public override string ToString() => string.Join(' ', Terms.Select(Write));

    /// <summary>A term as it can be written.</summary>
    public static string Write(FilterTerm term) => (term.IsNegated ? "!" : "") + (term switch
    {
        { Field: "" } => Quote(term.Value, always: term.Value.Any(static c => c is '=' or '~' or '<' or '>') || term.Value == "error"),
        { Operator: FilterOperator.Exists, Field: "error" } => "error",
        { Operator: FilterOperator.Exists } => $"{Quote(term.Field)}=*",
        _ => Quote(term.Field) + Sign(term.Operator) + Quote(term.Value),
    });

    /// <summary>A duration as people write it (<c>100ms</c>, <c>1.5s</c>, <c>300us</c>, <c>20ns</c>, <c>2m</c>), in nanoseconds.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static double Nanoseconds(string text)
    {
        var digits = text.TakeWhile(static c => char.IsAsciiDigit(c) || c == '.').Count();
        double unit = text[digits..] switch
        {
            "ns" => 1,
            "us" or "µs" => 1e3,
            "ms" => 1e6,
            "s" => 1e9,
            "m" => 60e9,
            _ => 0,
        };
        return unit != 0 && double.TryParse(text[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? number * unit
            : throw new FormatException($"'{text}' is no duration; write it as 100ms, 1.5s, 300us, 20ns or 2m.");
    }

    static FilterTerm Term(string text, ref int at)
    {
        var start = at;
        var isNegated = text[at] == '!';
        if (isNegated)
            at++;
        var isQuoted = at < text.Length && text[at] == '"';
        var word = Word(text, ref at, "=~<>!");
        if (at == text.Length || char.IsWhiteSpace(text[at]))
        {
            if (word.Length == 0)
                throw new FormatException($"'{text[start..at]}' says nothing; write a text, or name=value, or !name=value.");
            return word == "error" && !isQuoted
                ? new FilterTerm("error", FilterOperator.Exists, "", isNegated)
                : new FilterTerm("", FilterOperator.Contains, word, isNegated);
        }

        if (word.Length == 0)
            throw new FormatException($"Before '{text[at..Math.Min(text.Length, at + 20)]}' the name of an attribute or a field is missing.");
        var comparison = Comparison(text, ref at, ref isNegated);
        var value = Word(text, ref at, "");
        return comparison == FilterOperator.Equal && value == "*"
            ? new FilterTerm(word, FilterOperator.Exists, "", isNegated)
            : new FilterTerm(word, comparison, value, isNegated);
    }

    static FilterOperator Comparison(string text, ref int at, ref bool isNegated)
    {
        foreach (var (sign, comparison) in (ReadOnlySpan<(string, FilterOperator)>)
        [
            (">=", FilterOperator.GreaterOrEqual), ("<=", FilterOperator.LessOrEqual), (">", FilterOperator.Greater), ("<", FilterOperator.Less),
            ("=", FilterOperator.Equal), ("~", FilterOperator.Contains), ("!=", FilterOperator.Equal), ("!~", FilterOperator.Contains),
        ])
        {
            if (text.AsSpan(at).StartsWith(sign, StringComparison.Ordinal))
            {
                at += sign.Length;
                isNegated ^= sign[0] == '!';
                return comparison;
            }
        }

        throw new FormatException($"'{text[at..Math.Min(text.Length, at + 20)]}' is no comparison; there are = ~ > >= < <= and != !~.");
    }

    /// <summary>Up to a blank or one of the ends; or what stands between quotes.</summary>
    static string Word(string text, ref int at, string ends)
    {
        var word = new StringBuilder();
        if (at < text.Length && text[at] == '"')
        {
            var start = at++;
            for (; at < text.Length && text[at] != '"'; at++)
            {
                if (text[at] == '\\' && at + 1 < text.Length)
                    at++;
                word.Append(text[at]);
            }

            if (at++ >= text.Length)
                throw new FormatException($"The quote in {text[start..Math.Min(text.Length, start + 20)]} has no end.");
            return word.ToString();
        }

        while (at < text.Length && !char.IsWhiteSpace(text[at]) && !ends.Contains(text[at], StringComparison.Ordinal))
            word.Append(text[at++]);
        return word.ToString();
    }

    static string Quote(string word, bool always = false) =>
        always || word.Length == 0 || word[0] is '"' or '!' || word.Any(static c => char.IsWhiteSpace(c) || c is '=' or '~' or '<' or '>' or '!')
            ? $"\"{word.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\""
            : word;

    static string Sign(FilterOperator comparison) => comparison switch
    {
        FilterOperator.Equal or FilterOperator.Exists => "=",
        FilterOperator.Contains => "~",
        FilterOperator.Greater => ">",
        FilterOperator.GreaterOrEqual => ">=",
        FilterOperator.Less => "<",
        _ => "<=",
    };

    static void Check(FilterTerm term)
    {
        var isOrder = term.Operator is not (FilterOperator.Exists or FilterOperator.Equal or FilterOperator.Contains);
        switch (term.Field)
        {
            case "duration" or "span.duration":
                Nanoseconds(term.Value);
                break;
            case "spans" or "errors":
                Number(term);
                break;
            case "kind" when term.Operator == FilterOperator.Equal && !Enum.GetNames<SpanKind>().Contains(term.Value, StringComparer.OrdinalIgnoreCase):
                throw new FormatException($"'{term.Value}' is no kind of span; there are internal, server, client, producer, consumer and unspecified.");
            case "service" or "name" or "kind" or "root" or "trace" or "error" when isOrder:
                throw new FormatException($"{term.Field} is no number; compare it with = or ~.");
            default:
                if (isOrder)
                    Number(term);
                break;
        }
    }

    static void Number(FilterTerm term)
    {
        if (!double.TryParse(term.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out _))
            throw new FormatException($"{term.Field} is compared with a number, not with '{term.Value}'.");
    }
}
