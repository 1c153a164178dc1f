using System.Globalization;
using Agent.Viewer.Storage;
using Microsoft.AspNetCore.Http;

namespace Agent.Viewer.Programs;

/// <summary>Reads the parameters of a request's address. An empty one counts as absent; what cannot be understood is refused by name.</summary>
readonly struct Parameters(HttpContext context)
{
    /// <summary>How many traces one answer may have at most.</summary>
    public const int MaxLimit = 100_000;

    const ulong NanosecondsPerDay = 86_400_000_000_000;
    readonly IQueryCollection _query = context.Request.Query;

    /// <summary>The first of these names that is given, with its value.</summary>
    public (string Name, string Value)? Find(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (_query[name] is [{ Length: > 0 } value, ..])
                return (name, value);
        }

        return null;
    }

    public string? Text(params ReadOnlySpan<string> names) => Find(names)?.Value;

    /// <summary>All values of a parameter that can be repeated.</summary>
    public IEnumerable<string> All(string name) => _query[name].Where(static value => !string.IsNullOrEmpty(value))!;

    public int Limit(int usual, params ReadOnlySpan<string> names) => Find(names) is var (name, _) ? Number(name, usual, 1, MaxLimit) : usual;

    public int Number(string name, int usual, int least, int most) => Text(name) is not { } text
        ? usual
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw Refuse(name, text, $"a whole number from {least} to {most}");

    public bool Flag(string name) => Text(name) switch
    {
        null or "false" or "0" => false,
        "true" or "1" => true,
        var text => throw Refuse(name, text, "true or false"),
    };

    /// <summary>A count of units since 1970-01-01 UTC (or a span of time), in nanoseconds.</summary>
    /// <param name="name">The parameter.</param>
    /// <param name="unit">How many nanoseconds a unit has.</param>
    /// <param name="unitName">What it is called.</param>
    public ulong? Count(string name, ulong unit, string unitName) => Text(name) is not { } text
        ? null
        : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= ulong.MaxValue / unit
            ? number * unit
            : throw Refuse(name, text, $"a whole number of {unitName}");

    /// <summary>A moment as RFC 3339 writes it, in nanoseconds since 1970-01-01 UTC.</summary>
    public ulong? Moment(params ReadOnlySpan<string> names) => Find(names) is var (name, text) ? Moment(name, text) : null;

    /// <summary>A duration in one or more parts (<c>1.5s</c>, <c>1m30s</c>, <c>2h</c>), in nanoseconds.</summary>
    public ulong? Duration(params ReadOnlySpan<string> names)
    {
        if (Find(names) is not var (name, text))
            return null;
        double sum = 0;
        for (var at = 0; at < text.Length;)
        {
            var unit = text.AsSpan(at).IndexOfAnyExceptInRange('.', '9');
            var next = unit < 0 ? -1 : text.AsSpan(at + unit).IndexOfAnyInRange('.', '9');
            var end = next < 0 ? text.Length : at + unit + next;
            try
            {
                sum += text[at..end] is [.. var hours, 'h'] ? 60 * TraceFilter.Nanoseconds(hours + "m") : TraceFilter.Nanoseconds(text[at..end]);
            }
            catch (FormatException)
            {
                throw Refuse(name, text, "a duration: 100ms, 1.5s, 300us, 20ns, 2m, 1h or 1m30s");
            }

            at = end;
        }

        return sum < 1000 * 365.0 * NanosecondsPerDay ? (ulong)sum : throw Refuse(name, text, "less than a thousand years");
    }

    /// <exception cref="Refusal">It is none.</exception>
    public static ulong Moment(string name, string text)
    {
        // DateTimeOffset has seven digits of a second; the rest, up to nine, is read by hand.
        var point = text.IndexOf('.', StringComparison.Ordinal);
        var digits = point < 0 ? 0 : text.AsSpan(point + 1).IndexOfAnyExceptInRange('0', '9') is var end and >= 0 ? end : text.Length - point - 1;
        var whole = point < 0 ? text : text.Remove(point, digits + 1);
        var isMoment = DateTimeOffset.TryParseExact(whole, ["yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mm:sszzz"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment);
        if (!isMoment || (point >= 0 && digits is 0 or > 9) || moment < DateTimeOffset.UnixEpoch)
            throw Refuse(name, text, "a time as RFC 3339 writes it, 2026-01-02T03:04:05.678Z");
        var nanoseconds = digits > 0 ? ulong.Parse(text.AsSpan(point + 1, digits).ToString().PadRight(9, '0'), CultureInfo.InvariantCulture) : 0;
        return (ulong)(moment - DateTimeOffset.UnixEpoch).Ticks * 100 + nanoseconds;
    }

    public static Refusal Refuse(string name, string value, string expected) =>
        new(StatusCodes.Status400BadRequest, $"The parameter {name} is '{Shorten(value)}'; expected is {expected}.");

    /// <summary>A trace id as the store has it: short ones are filled up, upper case becomes lower case.</summary>
    public static string TraceId(string id) => id.Length is > 0 and <= 32 && id.All(char.IsAsciiHexDigit)
        ? id.ToLowerInvariant().PadLeft(32, '0')
        : throw new Refusal(StatusCodes.Status400BadRequest, $"The trace id is '{Shorten(id)}'; expected are 1 to 32 hexadecimal digits.");

    public static string Shorten(string text) => text.Length <= 200 ? text : text[..200] + "…";
}
