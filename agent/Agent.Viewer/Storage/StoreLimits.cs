namespace Agent.Viewer.Storage;

/// <summary>What one sender may make of a trace. What is beyond is cut or refused, counted and said.</summary>
public static class StoreLimits
{
    /// <summary>Spans of a trace; further ones are refused.</summary>
    public const int SpansPerTrace = 200_000;

    /// <summary>Spans of one request; further ones are refused. More than a sender gathers in a minute; each takes memory, however small it was sent.</summary>
    public const int SpansPerRequest = 500_000;

    /// <summary>Attributes of a span, an event, a link, a scope or a process; further ones are dropped. Likewise events and links of a span.</summary>
    public const int ItemsPerSpan = 1024;

    /// <summary>Bytes of a text as UTF-8; longer ones are cut and end with ….</summary>
    public const int TextBytes = 64 << 10;

    /// <summary>Arrays and maps within each other; deeper ones are null.</summary>
    public const int Depth = 16;
}
