namespace Agent.Viewer.Storage;

/// <summary>How a value stands in a <see cref="Block"/>.</summary>
enum ValueTag : byte
{
    Null,

    /// <summary>The number of a text.</summary>
    Text,
    False,
    True,

    /// <summary>A zigzag varint.</summary>
    Int,

    /// <summary>8 bytes, the least significant first.</summary>
    Double,

    /// <summary>Their count, then they.</summary>
    Bytes,

    /// <summary>The count of values, then they.</summary>
    Array,

    /// <summary>The count of pairs, then each one's name as the number of a text and value.</summary>
    Map,
}
