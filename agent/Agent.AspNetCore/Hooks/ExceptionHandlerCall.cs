using System.Runtime.CompilerServices;
using Agent.Tracing;
using Microsoft.AspNetCore.Http;

namespace Agent.AspNetCore.Hooks;

/// <summary>One call of an IExceptionHandler. The patches are installed by <see cref="ExceptionHandlerPatch"/>.</summary>
static class ExceptionHandlerCall
{
    static readonly ConditionalWeakTable<Type, SpanDescription> Descriptions = [];

    public static void Begin(object __instance, HttpContext __0, out Span? __state) =>
        __state = RequestSpan.IsWanted ? Span.BeginCall(Descriptions.GetOrAdd(__instance.GetType(), static type => Describe(type)), __0) : null;

    public static void End(Exception? __exception, ref ValueTask<bool> __result, Span? __state)
    {
        if (__state is null)
            return;
        if (__exception is not null)
        {
            __state.End(__exception);
            return;
        }
        __state.Call = __result.AsTask(); // may be taken once only, so a new one is handed on
        __result = new ValueTask<bool>(__state.Call);
        __state.End(null, __state.Call);
    }

    /// <summary>Of a handler compiled as runtime-async, whose code gives the result itself.</summary>
    public static void EndResult(Exception? __exception, bool __result, Span? __state)
    {
        if (__state is null)
            return;
        __state.Call = Task.FromResult(__result);
        __state.End(__exception);
    }

    static SpanDescription Describe(Type type) => new($"exception handler {AppType.Shorten(CodeName.Simple(type), "ExceptionHandler", "Handler")}",
        new(Names.Kind, DispatchKind.Hook), new(Names.CodeFunction, $"{type.FullName}.TryHandleAsync"));

    public sealed class Span(SpanRecord record, HttpContext context) : RequestSpan(record, context)
    {
        public Task<bool>? Call { get; set; }

        public static Span? BeginCall(SpanDescription description, HttpContext context) => Start(description) is { } record ? new Span(record, context) : null;

        protected override void Complete(Exception? exception)
        {
            base.Complete(exception);
            if (exception is null && Call is { IsCompletedSuccessfully: true, Result: var handled })
                Record.SetTag(Names.ExceptionHandled, handled);
        }
    }
}
