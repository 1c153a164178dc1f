namespace Agent.Viewer;

/// <summary>How a span ended; the values are those of OTLP.</summary>
public enum SpanStatusCode
{
    /// <summary>Nothing was said, which is the usual way of being well.</summary>
    Unset = 0,

    /// <summary>Declared a success by the application.</summary>
    Ok = 1,

    /// <summary>Failed.</summary>
    Error = 2,
}
