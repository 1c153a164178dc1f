using System.Diagnostics;
using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Agent.AspNetCore.Remote;

/// <summary>One endpoint filter, or the handler inside the filters, with a span around each call of it.</summary>
/// <param name="inner">What is called.</param>
/// <param name="description">Of its spans.</param>
/// <param name="load">Of its spans for GET and HEAD, if it is the handler.</param>
[StackTraceHidden] // the app prints and logs stack traces; they stay as they are
sealed class EndpointFilter(EndpointFilterDelegate inner, SpanDescription description, SpanDescription? load = null)
{
    readonly Attempts _attempts = new(description.Name);

    public ValueTask<object?> Invoke(EndpointFilterInvocationContext context)
    {
        if (!RequestSpan.IsWanted || _attempts.Make((Filter: this, context.HttpContext), static argument => argument.Filter.Begin(argument.HttpContext)) is not { } span)
            return inner(context);
        Task<object?> task;
        try
        {
            var call = inner(context);
            // May be taken once only, so a new one is handed on.
            task = call.IsCompletedSuccessfully ? Task.FromResult(call.Result) : call.AsTask();
        }
        catch (Exception e)
        {
            span.End(e);
            throw;
        }
        span.Call = task;
        span.End(null, task);
        return new ValueTask<object?>(task);
    }

    Span? Begin(HttpContext context)
    {
        var isLoad = load is not null && (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method));
        return Span.Begin(isLoad ? load! : description, context, isHandler: load is not null);
    }

    /// <summary>The framework keeps the app's filter, its type or its lambda in closures (EndpointFilterExtensions).</summary>
    public static SpanDescription Describe(Delegate factory, int ordinal)
    {
        const BindingFlags fields = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
        var closure = factory.Target?.GetType();
        var isFrameworks = closure?.DeclaringType?.FullName == "Microsoft.AspNetCore.Http.EndpointFilterExtensions";
        var kept = isFrameworks ? closure!.GetFields(fields).Select(field => field.GetValue(factory.Target)).ToArray() : [];
        var type = kept.OfType<IEndpointFilter>().FirstOrDefault()?.GetType()
            ?? (isFrameworks ? closure!.GetGenericArguments().FirstOrDefault(argument => typeof(IEndpointFilter).IsAssignableFrom(argument)) : null);
        var lambda = (kept.OfType<Func<EndpointFilterInvocationContext, EndpointFilterDelegate, ValueTask<object?>>>().FirstOrDefault() ?? factory).Method;
        var name = type?.Name ?? (lambda.Name.StartsWith('<') ? $"#{ordinal}" : lambda.Name == "Create" ? lambda.DeclaringType!.Name : lambda.Name);
        name = AppType.Shorten(name, "EndpointFilterFactory", "EndpointFilter", "Filter");
        return new SpanDescription($"filter {name}", new(Names.Kind, DispatchKind.Hook), new(Names.FilterStage, "endpoint"),
            new(Names.CodeFunction, type is null ? CodeName.Of(lambda) : $"{type.FullName}.{nameof(IEndpointFilter.InvokeAsync)}"));
    }

    sealed class Span(Activity activity, HttpContext context, bool isHandler) : RequestSpan(activity, context)
    {
        public Task<object?>? Call { get; set; }

        public static Span? Begin(SpanDescription description, HttpContext context, bool isHandler) =>
            Start(description) is { } activity ? new Span(activity, context, isHandler) : null;

        protected override void Complete(Exception? exception)
        {
            base.Complete(exception);
            if (!isHandler)
                return;
            if (Call is { IsCompletedSuccessfully: true, Result: not (null or EmptyHttpResult) and var result })
                ResponseResult.DescribeReturned(Activity, exception, result, ExpectedResult);
            else
                ResponseResult.Describe(Activity, exception, Context, ExpectedResult); // it has written the response itself
        }
    }
}
