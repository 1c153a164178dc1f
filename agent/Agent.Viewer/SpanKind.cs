namespace Agent.Viewer;

/// <summary>The role of a span in a call; the values are those of OTLP.</summary>
public enum SpanKind
{
    /// <summary>The sender did not say.</summary>
    Unspecified = 0,

    /// <summary>Work inside one process.</summary>
    Internal = 1,

    /// <summary>Answers a call from outside.</summary>
    Server = 2,

    /// <summary>Calls something outside and waits for it.</summary>
    Client = 3,

    /// <summary>Hands a message over and does not wait.</summary>
    Producer = 4,

    /// <summary>Takes a message.</summary>
    Consumer = 5,
}
