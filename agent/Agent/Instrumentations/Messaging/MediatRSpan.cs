using System.Diagnostics;
using Agent.Tracing;

namespace Agent.Instrumentations.Messaging;

/// <summary>An internal span around what handlers of this process do with a request or notification: nothing leaves the process.</summary>
sealed class MediatRSpan : DispatchSpan
{
    static readonly ActivitySource Source = new(Names.MessagingSource, AgentProcess.Version);

    MediatRSpan(Activity activity) : base(activity) { }

    /// <summary>Null if it would not be recorded. Outside of a request it is a trace of its own.</summary>
    /// <param name="operation">What is done with it.</param>
    /// <param name="message">Null is the library's to refuse.</param>
    public static MediatRSpan? Begin(string operation, object? message)
    {
        if (message is null || !MayStart(Source))
            return null;
        var activity = Source.StartActivity($"{operation} {message.GetType().Name}");
        return activity is null ? null : new MediatRSpan(activity);
    }
}
