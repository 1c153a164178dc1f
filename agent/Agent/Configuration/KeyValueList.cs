using System.Text;

namespace Agent.Configuration;

/// <summary>«key=value,key=value», percent-encoded, as OTEL_RESOURCE_ATTRIBUTES and OTEL_EXPORTER_OTLP_HEADERS are written.</summary>
static class KeyValueList
{
    /// <summary>What such a list looks like, for a sentence about one that does not.</summary>
    public const string Form = "key=value pairs separated by commas, percent-encoded";

    /// <summary>Null if any of it is not of that form: half a list would be worse than none.</summary>
    public static List<KeyValuePair<string, string>>? Parse(string text)
    {
        var pairs = new List<KeyValuePair<string, string>>();
        foreach (var item in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = item.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || Decode(item[..equals].TrimEnd()) is not { Length: > 0 } key || Decode(item[(equals + 1)..].TrimStart()) is not { } value)
                return null;
            pairs.Add(new(key, value));
        }
        return pairs;
    }

    /// <summary>Null if there is a % without two hexadecimal digits, or what they stand for is not UTF-8.</summary>
    static string? Decode(string text)
    {
        if (!text.Contains('%', StringComparison.Ordinal))
            return text;
        var bytes = new List<byte>(text.Length);
        var plain = Encoding.UTF8.GetBytes(text);
        for (var i = 0; i < plain.Length; i++)
        {
            if (plain[i] != '%')
            {
                bytes.Add(plain[i]);
                continue;
            }
            if (i + 2 >= plain.Length || !char.IsAsciiHexDigit((char)plain[i + 1]) || !char.IsAsciiHexDigit((char)plain[i + 2]))
                return null;
            bytes.Add(Convert.FromHexString([(char)plain[i + 1], (char)plain[i + 2]])[0]);
            i += 2;
        }
        byte[] decoded = [.. bytes];
        return System.Text.Unicode.Utf8.IsValid(decoded) ? Encoding.UTF8.GetString(decoded) : null;
    }
}
