using Agent.AspNetCore.Server;
using Agent.Tracing;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.AspNetCore.Http;

namespace Agent.AspNetCore.Components;

/// <summary>A span around what the app does about an event: a click in a circuit, a form that is posted.</summary>
sealed class EventSpan : ComponentSpan
{
    readonly EditForm? _form;
    readonly HttpContext? _context;

    EventSpan(SpanRecord record, EditForm? form, HttpContext? context) : base(record)
    {
        _form = form;
        _context = context;
    }

    /// <param name="description">Of the event.</param>
    /// <param name="form">The component that validates, if there is one.</param>
    /// <param name="context">The request that posts the form; null in a circuit.</param>
    public static EventSpan? Begin(SpanDescription description, EditForm? form, HttpContext? context) =>
        Start(description) is { } record ? new EventSpan(record, form, context) : null;

    Answer? Answer => _context is not null && LiveRequest.TryRead(Record, _context, AspNetCore.Answer.Of, out var answer) ? answer : null;

    protected override void Complete(Exception? exception)
    {
        base.Complete(exception);
        if (exception is NavigationException)
            return;
        if (exception is null && _form?.EditContext?.GetValidationMessages().Count() is { } errors and > 0)
        {
            Record.SetTag(Names.ResultType, ResultType.Failure);
            Record.SetTag(Names.ModelErrors, errors);
            if (Answer is { Status: var status })
                Record.SetTag(Names.ResultStatus, status);
        }
        else if (_context is not null)
        {
            ResponseResult.Describe(Record, exception, Answer, ExpectedResult); // NavigateTo may redirect without an exception
        }
        else if (exception is null)
        {
            Record.SetTag(Names.ResultType, ResultType.Success);
        }
    }

    protected override string? ExpectedResult(Exception exception) =>
        exception is OperationCanceledException && Answer is { HasReader: false } ? ResultType.Aborted : base.ExpectedResult(exception);
}
