using System.Diagnostics;
using Agent.AspNetCore.Server;
using Agent.Tracing;
using Microsoft.AspNetCore.Http;

namespace Agent.AspNetCore.Remote;

/// <summary>A span around one gRPC call, until its last message. gRPC turns what the method throws into a status, so no task tells of it.</summary>
sealed class GrpcSpan : RequestSpan
{
    Exception? _thrown;

    GrpcSpan(SpanRecord record, HttpContext context) : base(record, context) => record.Owner = this;

    public static GrpcSpan? Begin(GrpcMethod method, HttpContext context) =>
        Start(method.Description) is { } record ? new GrpcSpan(record, context) : null;

    /// <summary>Of the current call; null if it has none.</summary>
    public static GrpcSpan? Current
    {
        get
        {
            for (var scope = CurrentSpan.Scope; scope is not null; scope = scope.Outer)
            {
                if (scope.Span.Owner is GrpcSpan span)
                    return span;
            }
            return null;
        }
    }

    /// <summary>Null if gRPC has not answered.</summary>
    string? Status => TryRead(GrpcStatus.Of, out var status) ? status : null;

    /// <summary>Notes what the method of the call has thrown.</summary>
    public void Note(Exception thrown) => _thrown = thrown;

    protected override void Complete(Exception? exception)
    {
        base.Complete(exception);
        var status = Status;
        if (status is not null) // the server span needs it too, and cannot always read it any more: gRPC-Web takes its trailers away when it ends
            LiveRequest.ServerSpan(Record.Nearest)?.SetTag(Names.RpcStatusCode, status);
        Record.SetTag(Names.RpcStatusCode, status);
        Record.SetTag(Names.ResultType, ResultOf(exception ?? _thrown, status));
        if (_thrown is not null)
            Fail(Record, _thrown, ExpectedResult(_thrown));
        if (!GrpcStatus.IsError(status) || Record.Status == ActivityStatusCode.Error)
            return;
        if (_thrown is null)
            Record.SetTag(Names.ErrorType, status);
        Record.SetStatus(ActivityStatusCode.Error);
    }

    string? ResultOf(Exception? exception, string? status)
    {
        if (exception is not null && !IsChosen(exception) && !IsOfTheEnd(exception, status))
            return ResultType.UnknownError;
        if (status == GrpcStatus.Cancelled && HasClientLeft)
            return ResultType.Aborted;
        return status is null ? null : GrpcStatus.ResultOf(status);
    }

    protected override string? ExpectedResult(Exception exception) => ExpectedResult(exception, Status);

    /// <summary>The same for what passes an interceptor: the status that it stands for has not been sent yet.</summary>
    public string? ExpectedResultOnTheWay(Exception exception) => ExpectedResult(exception, GrpcStatus.OfException(exception) ?? Status);

    string? ExpectedResult(Exception exception, string? status)
    {
        var result = ResultOf(exception, status);
        return result == ResultType.UnknownError || (IsChosen(exception) && GrpcStatus.IsError(status)) ? null : result;
    }

    /// <summary>The way to tell the client a status.</summary>
    static bool IsChosen(Exception exception) => exception.GetType().FullName == "Grpc.Core.RpcException";

    /// <summary>What gRPC's readers and writers, and whatever the call's token was given to, throw once the call is over.</summary>
    static bool IsOfTheEnd(Exception exception, string? status) => status is GrpcStatus.Cancelled or GrpcStatus.DeadlineExceeded
        && exception is OperationCanceledException or IOException or InvalidOperationException;
}
