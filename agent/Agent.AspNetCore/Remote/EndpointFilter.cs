using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using Agent.AspNetCore.Hooks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Agent.AspNetCore.Remote;

/// <summary>One endpoint filter, or the handler inside the filters, with a span around each call of it.</summary>
/// <param name="inner">What is called.</param>
/// <param name="description">Of its spans; asked for at the first call, because a lambda's source line is read from the PDB meanwhile.</param>
/// <param name="load">Of its spans for GET and HEAD, if it is the handler.</param>
[StackTraceHidden] // the app prints and logs stack traces; they stay as they are
sealed class EndpointFilter(EndpointFilterDelegate inner, Func<SpanDescription> description, SpanDescription? load = null)
{
    readonly Attempts _attempts = new("an endpoint filter");

    // One instance for good: the name is compared by reference.
    SpanDescription? _description;

    SpanDescription Description => _description ?? Interlocked.CompareExchange(ref _description, description(), null) ?? _description;

    /// <summary>The filter around this one, whose next it is: called, it shows that the filter has not answered by itself.</summary>
    public EndpointFilter? Outer { get; set; }

    public ValueTask<object?> Invoke(EndpointFilterInvocationContext context)
    {
        if (Outer is { _description: { } outer })
            Span.Enter(outer.Name);
        if (!(load is null ? RequestSpan.IsWanted : RequestSpan.MayAsk) || _attempts.Make((Filter: this, context.HttpContext), static argument => argument.Filter.Begin(argument.HttpContext)) is not { } span)
            return inner(context);
        Task<object?> task;
        try
        {
            var called = inner(context);
            // May be taken once only, so a new one is handed on.
            task = called.IsCompletedSuccessfully ? Task.FromResult(called.Result) : called.AsTask();
        }
        catch (Exception e)
        {
            span.End(e);
            throw;
        }
        if (span is HandlerCall call)
            call.Returned = task;
        span.End(null, task);
        return new ValueTask<object?>(task);
    }

    RequestSpan? Begin(HttpContext context) => load is null ? Span.Begin(Description, context)
        : HandlerCall.Begin(HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method) ? load : Description, context);

    /// <summary>The framework keeps the app's filter, its type or its lambda in closures (EndpointFilterExtensions).</summary>
    /// <param name="factory">The factory, or what it has made.</param>
    /// <param name="ordinal">Which one it is, from the outermost.</param>
    public static Func<SpanDescription> Describe(Delegate factory, int ordinal)
    {
        var closure = factory.Target?.GetType();
        var isFrameworks = closure?.DeclaringType?.FullName == "Microsoft.AspNetCore.Http.EndpointFilterExtensions";
        var kept = isFrameworks ? Slot.ValuesOf(factory.Target!).ToArray() : [];
        var type = kept.OfType<IEndpointFilter>().FirstOrDefault()?.GetType()
            ?? (isFrameworks ? closure!.GetGenericArguments().FirstOrDefault(argument => typeof(IEndpointFilter).IsAssignableFrom(argument)) : null);
        if (type is not null)
            return () => Describe(CodeName.Simple(type), [new(Names.CodeFunction, $"{type.FullName}.{nameof(IEndpointFilter.InvokeAsync)}")]);
        var lambda = (kept.OfType<Func<EndpointFilterInvocationContext, EndpointFilterDelegate, ValueTask<object?>>>().FirstOrDefault() ?? factory).Method;
        var function = new KeyValuePair<string, object?>(Names.CodeFunction, CodeName.Of(lambda));
        if (!lambda.Name.StartsWith('<'))
            return () => Describe(lambda.Name == "Create" ? CodeName.Simple(lambda.DeclaringType!) : lambda.Name, [function]);
        var reading = SourceLine.Start(lambda);
        return () => reading.GetAwaiter().GetResult() is { } line
            ? Describe(line.Name, [function, new(Names.CodeFile, line.File), new(Names.CodeLine, line.Number)])
            : Describe($"#{ordinal}", [function]);
    }

    static SpanDescription Describe(string name, KeyValuePair<string, object?>[] tags) => new($"filter {AppType.Shorten(name, "EndpointFilterFactory", "EndpointFilter", "Filter")}",
        [new(Names.Kind, DispatchKind.Hook), new(Names.FilterStage, "endpoint"), .. tags, new(Names.FilterShortCircuited, true)]); // taken away when the next one is called

    sealed class Span(Activity activity, HttpContext context) : RequestSpan(activity, context)
    {
        public static new Span? Begin(SpanDescription description, HttpContext context) => Start(description) is { } activity ? new Span(activity, context) : null;

        /// <summary>The filter of that name has called its next one.</summary>
        public static void Enter(string name) => TakeMark(name, Names.FilterShortCircuited);

        protected override void Complete(Exception? exception)
        {
            base.Complete(exception);
            if (exception is not null)
                Activity.SetTag(Names.FilterShortCircuited, null); // it has failed, not answered
        }
    }

    sealed class HandlerCall(Activity activity, HttpContext context) : AnsweredSpan(activity, context)
    {
        static readonly ConditionalWeakTable<Type, object> Streams = [];
        static readonly object Yes = new(), No = new();

        /// <summary>What the handler has returned.</summary>
        public Task<object?>? Returned { get; set; }

        public static new HandlerCall? Begin(SpanDescription description, HttpContext context) =>
            Start(description) is { } activity ? new HandlerCall(activity, context) : null;

        protected override void Complete(Exception? exception)
        {
            base.Complete(exception);
            if (exception is not null)
                Activity.SetTag(Names.ResultType, ExpectedResult(exception) ?? ResultType.UnknownError);
        }

        protected override bool GoesOn
        {
            get
            {
                var returned = Returned?.Result;
                if (returned is INestedHttpResult nested)
                    returned = nested.Result; // Results<ServerSentEventsResult<T>, NotFound>
                return returned is not null && Streams.GetValue(returned.GetType(), static type => IsStream(type) ? Yes : No) == Yes;
            }
        }

        static bool IsStream(Type type) => type == typeof(PushStreamHttpResult)
            || type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ServerSentEventsResult<>)
            || Array.Exists(type.GetInterfaces(), static face => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>));
    }
}
