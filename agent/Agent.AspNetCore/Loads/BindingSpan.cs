using Agent.Tracing;
using Microsoft.AspNetCore.Mvc;

namespace Agent.AspNetCore.Loads;

/// <summary>
/// A span around model binding and validation, made only when they have to wait: for a body to arrive, for a validator that asks a database.
/// </summary>
sealed class BindingSpan : RequestSpan
{
    static readonly SpanDescription Description = new("model binding", new KeyValuePair<string, object?>(Names.Kind, DispatchKind.Load));

    readonly ActionContext _context;

    BindingSpan(SpanRecord record, ActionContext context) : base(record, context.HttpContext) => _context = context;

    /// <summary>When binding begins: now. 0 if no span is wanted.</summary>
    public static long Now => IsWanted ? DateTime.UtcNow.Ticks : 0;

    /// <summary>To be called when the binding method has returned.</summary>
    public static void EndOf(long began, Exception? exception, Task? task, ActionContext context)
    {
        if (began == 0 || exception is not null || task is null or { IsCompleted: true })
            return;
        if (Start(Description, new DateTimeOffset(began, TimeSpan.Zero)) is { } record)
            new BindingSpan(record, context).End(null, task);
    }

    protected override void Complete(Exception? exception)
    {
        base.Complete(exception);
        if (!_context.ModelState.IsValid)
            Record.SetTag(Names.ModelErrors, _context.ModelState.ErrorCount);
    }
}
