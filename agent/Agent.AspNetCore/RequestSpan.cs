using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Agent.AspNetCore.Server;
using Agent.Tracing;
using Microsoft.AspNetCore.Http;

namespace Agent.AspNetCore;

/// <summary>A span of dispatch inside an HTTP request.</summary>
class RequestSpan(SpanRecord record, HttpContext context) : AspNetCoreSpan(record)
{
    /// <summary>Custom property of the server span: the last exception that a span below has seen. Not exported.</summary>
    public const string ExceptionBelow = "Agent.ExceptionBelow";

    /// <summary>
    /// Whether a span below the current one is wanted, and its beginning may ask the context something: what runs on after its request has ended has one
    /// that is somebody else's.
    /// </summary>
    public static bool MayAsk => IsWanted && !LiveRequest.HasEnded(Activity.Current);

    /// <summary>The request; to be asked by <see cref="TryRead"/> only, as it may be another's by now.</summary>
    protected HttpContext Context => context;

    /// <summary>What the request has been answered with so far; null if it has ended, because then nobody knows any more.</summary>
    protected Answer? Answer => TryRead(AspNetCore.Answer.Of, out var answer) ? answer : null;

    /// <summary>Whether the client has left before it had everything.</summary>
    protected bool HasClientLeft => TryRead(Client.HasLeft, out var hasLeft) && hasLeft;

    /// <summary>Asks the context something at the end of the span. See <see cref="LiveRequest.TryRead"/>.</summary>
    protected bool TryRead<T>(Func<HttpContext, T> read, [MaybeNullWhen(false)] out T value) => LiveRequest.TryRead(Record, context, read, out value);

    /// <summary>Begins a span that needs nothing at its end but the exception; null if it is not wanted.</summary>
    public static RequestSpan? Begin(SpanDescription description, HttpContext context) =>
        Start(description) is { } record ? new RequestSpan(record, context) : null;

    /// <summary>Calls what the span is around, and ends with it.</summary>
    [StackTraceHidden] // the app prints and logs stack traces; they stay as they are
    public Task Around(RequestDelegate inner)
    {
        Task task;
        try
        {
            task = inner(context);
        }
        catch (Exception e)
        {
            End(e);
            throw;
        }
        End(null, task);
        return task;
    }

    /// <summary>
    /// Finds a span of this request by its name among those that enclose the caller, and takes a mark away that it was begun with.
    /// </summary>
    /// <param name="name">The very string that the span was begun with.</param>
    /// <param name="mark">The attribute.</param>
    protected static void TakeMark(string name, string mark)
    {
        for (var scope = CurrentSpan.Scope; scope is not null; scope = scope.Outer)
        {
            if (!ReferenceEquals(scope.Span.OperationName, name))
                continue;
            scope.Span.SetTag(mark, null);
            return;
        }
    }

    /// <summary>Lets the server span know what went wrong below, whoever turns it into a response (the developer exception page tells nobody).</summary>
    protected override void Complete(Exception? exception)
    {
        if (exception is not null && ExpectedResult(exception) is null)
            LiveRequest.ServerSpan(Record.Nearest)?.SetCustomProperty(ExceptionBelow, exception);
    }

    /// <summary>The framework's own rule for a client that has left (ExceptionHandlerMiddlewareImpl); and what it throws at a client that has sent something wrong.</summary>
    protected override string? ExpectedResult(Exception exception) => exception switch
    {
        OperationCanceledException or IOException when HasClientLeft => ResultType.Aborted, // half a request is a bad one, too
        BadHttpRequestException { StatusCode: < 500 and var status } => ResponseResult.TypeOf(status),
        _ => null,
    };
}
