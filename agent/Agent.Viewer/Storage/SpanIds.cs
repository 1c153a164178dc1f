using System.Globalization;
using System.Security.Cryptography;

namespace Agent.Viewer.Storage;

/// <summary>Ids as numbers and as text.</summary>
static class SpanIds
{
    /// <summary>For sets of span ids: nobody can send ids that all fall into one bucket.</summary>
    public static IEqualityComparer<ulong> Comparer { get; } = new Unforeseeable();

    public static string Text(UInt128 traceId) => traceId.ToString("x32", CultureInfo.InvariantCulture);

    public static string Text(ulong spanId) => spanId.ToString("x16", CultureInfo.InvariantCulture);

    /// <summary>A trace id as programs write it: upper or lower case, perhaps without the zeros at its beginning.</summary>
    public static bool TryTrace(string text, out UInt128 traceId)
    {
        traceId = default;
        return text.Length is > 0 and <= 32 && UInt128.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out traceId) && traceId != 0;
    }

    sealed class Unforeseeable : IEqualityComparer<ulong>
    {
        static readonly ulong Factor = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)) | 1;

        public bool Equals(ulong x, ulong y) => x == y;

        public int GetHashCode(ulong id) => (int)((id * Factor) >> 32);
    }
}
