namespace Agent.Viewer.Pages;

/// <summary>What a span stands for in an app; pages colour by it.</summary>
public enum SpanCategory
{
    /// <summary>None of the others.</summary>
    Other,

    /// <summary>A request, seen by who answers it.</summary>
    Request,

    /// <summary>What the framework does for an endpoint: binding, filters, results.</summary>
    Endpoint,

    /// <summary>Code that runs around handlers: middleware, filter.</summary>
    Hook,

    /// <summary>A handler that reads.</summary>
    Load,

    /// <summary>A handler of a form.</summary>
    Action,

    /// <summary>A handler that is called by programs.</summary>
    Remote,

    /// <summary>A view, layout or component that is rendered.</summary>
    View,

    /// <summary>A command to a database or cache.</summary>
    Database,

    /// <summary>A call of another service.</summary>
    Http,

    /// <summary>A message that is sent or taken.</summary>
    Message,

    /// <summary>A background job, a hosted service, the start of the app.</summary>
    Job,
}
