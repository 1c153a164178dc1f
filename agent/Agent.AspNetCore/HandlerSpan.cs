using System.Runtime.CompilerServices;
using Agent.Tracing;
using Microsoft.AspNetCore.Mvc;

namespace Agent.AspNetCore;

/// <summary>A span around one call of a page handler or controller action, with what it has come to.</summary>
sealed class HandlerSpan : AnsweredSpan
{
    readonly object _invoker;
    readonly ActionContext _context;

    bool _isShownAgain;

    HandlerSpan(SpanRecord record, object invoker, ActionContext context) : base(record, context.HttpContext)
    {
        _invoker = invoker;
        _context = context;
    }

    /// <param name="description">Of the handler.</param>
    /// <param name="invoker">The ResourceInvoker, which keeps the result.</param>
    /// <param name="context">The action's.</param>
    public static HandlerSpan? Begin(SpanDescription description, object invoker, ActionContext context) =>
        Start(description) is { } record ? new HandlerSpan(record, invoker, context) : null;

    protected override void Complete(Exception? exception)
    {
        base.Complete(exception);
        if (exception is not null)
        {
            Record.SetTag(Names.ResultType, ExpectedResult(exception) ?? ResultType.UnknownError);
        }
        else if (!_context.ModelState.IsValid)
        {
            Record.SetTag(Names.ModelErrors, _context.ModelState.ErrorCount);
            _isShownAgain = Result(_invoker) is not { } result || IsView(result.GetType());
        }
    }

    /// <summary>A page that is shown again with what is wrong on it is a failure, though its status is that of a success.</summary>
    protected override void Describe(Answer answer)
    {
        if (_isShownAgain && answer is { HasReader: true, Status: < 300 })
            ResponseResult.DescribeFailure(Record, answer.Status);
        else
            base.Describe(answer);
    }

    /// <summary>Results that render a view, by name: an API need not load what they are in.</summary>
    public static bool IsView(Type result) => result.FullName is "Microsoft.AspNetCore.Mvc.ViewResult" or "Microsoft.AspNetCore.Mvc.PartialViewResult"
        or "Microsoft.AspNetCore.Mvc.ViewComponentResult" or "Microsoft.AspNetCore.Mvc.RazorPages.PageResult";

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_result")]
    static extern ref IActionResult? Result(
        [UnsafeAccessorType("Microsoft.AspNetCore.Mvc.Infrastructure.ResourceInvoker, Microsoft.AspNetCore.Mvc.Core")] object invoker);
}
