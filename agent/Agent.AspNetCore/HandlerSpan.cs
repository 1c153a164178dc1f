using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Mvc;

namespace Agent.AspNetCore;

/// <summary>A span around one call of a page handler or controller action, with what it has come to.</summary>
sealed class HandlerSpan : RequestSpan
{
    readonly object _invoker;
    readonly ActionContext _context;

    HandlerSpan(Activity activity, object invoker, ActionContext context) : base(activity, context.HttpContext)
    {
        _invoker = invoker;
        _context = context;
    }

    /// <param name="description">Of the handler.</param>
    /// <param name="invoker">The ResourceInvoker, which keeps the result.</param>
    /// <param name="context">The action's.</param>
    public static HandlerSpan? Begin(SpanDescription description, object invoker, ActionContext context) =>
        Start(description) is { } activity ? new HandlerSpan(activity, invoker, context) : null;

    protected override void Complete(Exception? exception)
    {
        base.Complete(exception);
        if (exception is null && HasClientLeft)
            Activity.SetTag(Names.ResultType, ResultType.Aborted); // whatever it has returned, nobody will read it
        else
            ActionResult.Describe(Activity, exception, Result(_invoker), _context.ModelState, ExpectedResult);
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_result")]
    static extern ref IActionResult? Result(
        [UnsafeAccessorType("Microsoft.AspNetCore.Mvc.Infrastructure.ResourceInvoker, Microsoft.AspNetCore.Mvc.Core")] object invoker);
}
