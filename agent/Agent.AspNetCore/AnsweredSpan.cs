using System.Diagnostics;
using Agent.AspNetCore.Server;
using Agent.Tracing;
using Microsoft.AspNetCore.Http;

namespace Agent.AspNetCore;

/// <summary>
/// A span around a handler whose answer is written after it has returned: by the result that it gives, unless a filter gives another. Its time ends with the
/// handler, but what it has come to is what the response says, so it is completed and handed over when the request ends.
/// </summary>
abstract class AnsweredSpan(SpanRecord record, HttpContext context) : RequestSpan(record, context)
{
    /// <summary>Custom property of the server span: the last of these spans that wait for its end. Not exported.</summary>
    const string Waiting = "Agent.Waiting";

    AnsweredSpan? _next;
    object? _thrownBefore;
    int _isTaken;

    /// <summary>To be called when a request has been marked as ended, while its response can still be asked.</summary>
    /// <param name="server">Its server span.</param>
    /// <param name="unhandled">What nobody has handled.</param>
    public static void CompleteAll(Activity server, Exception? unhandled)
    {
        if (server.GetCustomProperty(Waiting) is not AnsweredSpan last)
            return;
        server.SetCustomProperty(Waiting, null); // it is kept until it is sent, and its host may be gone by then
        for (var span = last; span is not null; span = span._next)
        {
            if (span.Take())
                span.Complete(server, unhandled);
        }
    }

    protected override bool StaysOpen()
    {
        if (LiveRequest.ServerSpan(Record.Nearest) is not { } server)
            return false;
        _thrownBefore = server.GetCustomProperty(ExceptionBelow);
        lock (server) // nobody else does; a request may have several handlers at the same time
        {
            _next = server.GetCustomProperty(Waiting) as AnsweredSpan;
            server.SetCustomProperty(Waiting, this);
        }
        Interlocked.MemoryBarrier();
        if (!LiveRequest.IsOver(server))
            return true;
        server.SetCustomProperty(Waiting, null);
        return !Take(); // nobody may come any more
    }

    bool Take() => Interlocked.Exchange(ref _isTaken, 1) == 0;

    void Complete(Activity server, Exception? unhandled)
    {
        try
        {
            if (GoesOn)
                Record.SetEndTime(server.StartTimeUtc + server.Duration);
            var answer = AspNetCore.Answer.Of(Context);
            if ((answer.Status >= 500 || unhandled is not null) && server.GetCustomProperty(ExceptionBelow) is { } thrown && thrown != _thrownBefore)
                ResponseResult.DescribeUnknownError(Record, answer.Status); // by its result, or a filter
            else
                Describe(answer);
        }
        catch (Exception e)
        {
            LacksAttributes(e);
        }
        Stop();
    }

    /// <summary>Whether the handler's own code runs on while the response is written, as that of a stream does: then its time ends with the request.</summary>
    protected virtual bool GoesOn => false;

    /// <summary>Sets what the handler has come to.</summary>
    /// <param name="answer">The whole response.</param>
    protected virtual void Describe(Answer answer) => ResponseResult.Describe(Record, null, answer, ExpectedResult);
}
