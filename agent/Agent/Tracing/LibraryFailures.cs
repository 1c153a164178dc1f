using System.Diagnostics;

namespace Agent.Tracing;

/// <summary>
/// One rule for all libraries: a span of what has failed has error.type, a status with a short description, and there is one event for the exception in
/// its trace. Some put the exception into attributes, on each span that it passes; some have an event or a status and no type; some have a wrapper of
/// their own in place of what the app has thrown, or a page of diagnostics as description.
/// </summary>
static class LibraryFailures
{
    const string ExceptionEvent = "exception", Message = "exception.message", StackTrace = "exception.stacktrace";

    /// <summary>The value of error.type where nothing is known (semantic conventions).</summary>
    const string Other = "_OTHER";

    const int LongestDescription = 300;

    /// <summary>What was seen last, in the order of its end, so from the inside: an exception passes one span after the other.</summary>
    static readonly Failure[] Last = new Failure[64];

    static uint s_count;

    /// <summary>To be called when a library adds an exception to its span. What the app has thrown is recorded, not what the library puts around it.</summary>
    public static void Unwrap(Exception exception, ref TagList tags)
    {
        var thrown = exception;
        while (thrown.InnerException is { } inner && thrown.GetType().FullName is "Quartz.JobExecutionException" or "Quartz.JobExecutionProcessException")
            thrown = inner;
        if (thrown == exception)
            return;
        tags.Add(Names.ExceptionType, CodeName.Full(thrown.GetType()));
        tags.Add(Message, thrown.Message);
        tags.Add(StackTrace, exception.ToString());
    }

    /// <summary>To be called when a span of a library's ends.</summary>
    public static void Tidy(Activity activity)
    {
        var (type, message) = (activity.GetTagItem(Names.ExceptionType) as string, activity.GetTagItem(Message) as string);
        if (type is null && activity.Status != ActivityStatusCode.Error)
            return;
        var stackTrace = activity.GetTagItem(StackTrace);
        activity.SetTag(Names.ExceptionType, null).SetTag(Message, null).SetTag(StackTrace, null).SetTag("exception.escaped", null);
        if (activity.Status != ActivityStatusCode.Error)
            return; // it was expected, such as that something is not there
        var isRecorded = false;
        foreach (ref readonly var @event in activity.EnumerateEvents())
        {
            if (@event.Name != ExceptionEvent)
                continue;
            isRecorded = true;
            foreach (ref readonly var tag in @event.EnumerateTagObjects())
            {
                if (tag.Key == Names.ExceptionType)
                    type = tag.Value as string;
                else if (tag.Key == Message)
                    message = tag.Value as string;
            }
        }
        if (activity.GetTagItem(Names.ErrorType) is string known && known.EndsWith("Exception", StringComparison.Ordinal) && (type is null || IsNameOf(known, type)))
        {
            type = known; // with its namespace, which Cosmos leaves out
            var said = MessageIn(activity.StatusDescription, known);
            message ??= said;
            if (said != activity.StatusDescription)
                stackTrace ??= activity.StatusDescription;
        }
        if (!isRecorded && type is not null && !IsRecorded(activity.TraceId, type, message))
            activity.AddEvent(new ActivityEvent(ExceptionEvent, tags: new ActivityTagsCollection { [Names.ExceptionType] = type, [Message] = message, [StackTrace] = stackTrace }));

        var (inner, innerMessage) = type is null ? Below(activity) : (null, null);
        if (activity.GetTagItem(Names.ErrorType) is null)
            activity.SetTag(Names.ErrorType, type ?? inner ?? Other);
        var says = (isRecorded && IsOfWrapper(activity)) || IsNameOf(type, activity.StatusDescription) ? null : MessageIn(activity.StatusDescription, type);
        activity.SetStatus(ActivityStatusCode.Error, Short(says ?? message ?? innerMessage ?? activity.StatusDescription));
        Note(new(activity.TraceId, activity.ParentSpanId, activity.GetTagItem(Names.ErrorType) as string, type ?? inner, message ?? innerMessage));
    }

    /// <summary>Whether a span of a library's has recorded it in this trace.</summary>
    public static bool HaveRecorded(ActivityTraceId trace, Exception exception) => Volatile.Read(ref s_count) > 0 && IsRecorded(trace, exception.GetType().ToString(), exception.Message);

    /// <summary>Its first line, and not without end.</summary>
    public static string? Short(string? description)
    {
        if (description is null)
            return null;
        var end = description.AsSpan().IndexOfAny('\r', '\n');
        var line = (end < 0 ? description : description[..end]).TrimEnd();
        return line.Length <= LongestDescription ? line : $"{line[..LongestDescription]}…";
    }

    /// <summary>Whether a description says no more than the type does (Wolverine's).</summary>
    static bool IsNameOf(string? type, string? description) => type is not null && (type == description || type.EndsWith($".{description}", StringComparison.Ordinal));

    /// <summary>The message, if a description is a whole exception as text (Azure's); otherwise what it is.</summary>
    static string? MessageIn(string? description, string? type)
    {
        if (type is null || description is null || !description.StartsWith($"{type}: ", StringComparison.Ordinal))
            return description;
        var message = description[(type.Length + 2)..];
        var ends = message.IndexOf("\n   at ", StringComparison.Ordinal) is var trace and >= 0 ? trace : message.Length;
        return message[..ends].TrimEnd();
    }

    static bool IsOfWrapper(Activity activity) => activity.Source.Name == "Quartz";

    static bool IsRecorded(ActivityTraceId trace, string type, string? message)
    {
        lock (Last)
            return Array.Exists(Last, failure => failure.Type == type && failure.Message == message && failure.Trace == trace);
    }

    /// <summary>What a span directly below has failed with.</summary>
    static (string? Type, string? Message) Below(Activity activity)
    {
        lock (Last)
        {
            var inner = Array.FindLast(Last, failure => failure.Parent == activity.SpanId && failure.Trace == activity.TraceId);
            return (inner.ErrorType, inner.Message);
        }
    }

    static void Note(Failure failure)
    {
        lock (Last)
            Last[s_count++ % Last.Length] = failure;
    }

    readonly record struct Failure(ActivityTraceId Trace, ActivitySpanId Parent, string? ErrorType, string? Type, string? Message);
}
