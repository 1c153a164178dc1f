using Agent.Tracing;
using Microsoft.JSInterop.Infrastructure;

namespace Agent.AspNetCore.Components;

/// <summary>A span around one call of a [JSInvokable] method by a browser.</summary>
sealed class JsInvokeSpan : ComponentSpan
{
    static readonly SpanDescription Description = new("jsinvoke", new KeyValuePair<string, object?>(Names.Kind, DispatchKind.Remote));

    readonly string _target;

    JsInvokeSpan(SpanRecord record, string target) : base(record) => (_target, record.Owner) = (target, this);

    /// <summary>The call whose method has just been found; null if it has no span.</summary>
    public static JsInvokeSpan? Current => CurrentSpan.Innermost?.Owner as JsInvokeSpan;

    /// <summary>Events come by such calls, too, of a method of the framework's; they have spans of their own.</summary>
    public static JsInvokeSpan? Begin(DotNetInvocationInfo call, object? reference)
    {
        // A DotNetObjectReference<T>, or nothing for static methods.
        var type = reference?.GetType().GenericTypeArguments is [{ } only] ? only : null;
        var isOfApp = type is null ? call.AssemblyName?.StartsWith(AppType.Framework, StringComparison.Ordinal) == false : AppType.Is(type);
        if (!isOfApp || call.MethodIdentifier == "__Dispose" || Start(Description) is not { } record)
            return null;
        return new JsInvokeSpan(record, type is null ? call.AssemblyName! : CodeName.Simple(type));
    }

    /// <summary>What the browser has called is a name only when there is such a method: until then it could be anything.</summary>
    public void Found(string method) => Record.DisplayName = $"jsinvoke {_target}.{method}";

    protected override void Complete(Exception? exception)
    {
        base.Complete(exception);
        if (exception is null)
            Record.SetTag(Names.ResultType, ResultType.Success);
    }
}
