using System.Globalization;

namespace Agent.Viewer.Storage;

/// <summary>Ids as numbers and as text.</summary>
static class SpanIds
{
    public static string Text(UInt128 traceId) => traceId.ToString("x32", CultureInfo.InvariantCulture);

    public static string Text(ulong spanId) => spanId.ToString("x16", CultureInfo.InvariantCulture);

    /// <summary>A trace id as programs write it: upper or lower case, perhaps without the zeros at its beginning.</summary>
    public static bool TryTrace(string text, out UInt128 traceId)
    {
        traceId = default;
        return text.Length is > 0 and <= 32 && UInt128.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out traceId) && traceId != 0;
    }
}
