using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;

namespace Agent.AspNetCore.Hooks;

/// <summary>
/// What a middleware is called. The framework wraps what the app gives it in closures of its own; their names and fields are listed here
/// and in <see cref="Branch"/> (dispatch-points 1.4). An unknown closure only makes the name less telling.
/// </summary>
sealed class MiddlewareName
{
    public const BindingFlags Fields = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
    const string Extensions = "Microsoft.AspNetCore.Builder.";

    static readonly ConcurrentDictionary<string, int> Lambdas = new();

    readonly string _short;
    readonly Task<SourceLine?>? _line;

    MiddlewareName(string shortName, string? function, bool isTerminal = false, Task<SourceLine?>? line = null)
    {
        _short = shortName;
        Function = function;
        IsTerminal = isTerminal;
        _line = line;
    }

    /// <summary>«middleware Visitor», «middleware Program.cs:28», «middleware Map /ping». Made anew for each middleware.</summary>
    public string SpanName => $"middleware {Line?.Name ?? _short}";

    /// <summary>For the log: does not wait for a PDB.</summary>
    public override string ToString() => $"middleware {_short}";

    /// <summary>The fully qualified method, where it is the app's or a package's.</summary>
    public string? Function { get; }

    /// <summary>It has no next one to call: Run, Map and MapWhen; or it is there to call handlers, and nothing is cut short where it has found one.</summary>
    public bool IsTerminal { get; }

    /// <summary>Where a lambda is in the source; null without a PDB. Waits for the PDB being read.</summary>
    public SourceLine? Line => _line?.GetAwaiter().GetResult();

    /// <summary>The component in which WebApplication joins the app's pipeline into the host's.</summary>
    public static bool IsSplice(Delegate component) => component.Target?.GetType().FullName == Extensions + "WebApplicationBuilder+WireSourcePipeline";

    /// <summary>The end of the pipeline that the framework makes for each endpoint of a hub, its negotiation too.</summary>
    public static bool IsConnections(Delegate component) => component.Target?.GetType().FullName?.StartsWith(Extensions + "RunExtensions+", StringComparison.Ordinal) == true
        && Field<Delegate>(component, "handler")?.Target?.GetType().DeclaringType?.FullName == Extensions + "ConnectionEndpointRouteBuilderExtensions";

    /// <summary>
    /// What the framework adds without being asked: host filtering always, the others around the pipeline of a WebApplication
    /// (WebApplicationBuilder.ConfigureApplication), the steps inside a reverse proxy, and what OpenTelemetry puts around every pipeline for its
    /// metrics. An app that adds one of them itself adds it to its own pipeline.
    /// </summary>
    public static bool IsPlumbing(Delegate component, bool isOfHost) => IsPlumbing(component.Target?.ToString(), isOfHost);

    /// <param name="type">The type of the middleware, as the framework describes a component.</param>
    /// <param name="isOfHost">It may be one of those around the pipeline of a WebApplication.</param>
    public static bool IsPlumbing(string? type, bool isOfHost) => type switch
    {
        "Microsoft.AspNetCore.HostFiltering.HostFilteringMiddleware" => true,
        "Microsoft.AspNetCore.Diagnostics.DeveloperExceptionPageMiddlewareImpl" or "Microsoft.AspNetCore.Routing.EndpointRoutingMiddleware"
            or "Microsoft.AspNetCore.Routing.EndpointMiddleware" or "Microsoft.AspNetCore.Authentication.AuthenticationMiddleware"
            or "Microsoft.AspNetCore.Authorization.AuthorizationMiddlewareInternal" or "Microsoft.AspNetCore.Antiforgery.CsrfProtectionMiddleware" => isOfHost, // the last on .NET 11
        var other => other is not null && (other.StartsWith("Yarp.ReverseProxy.", StringComparison.Ordinal) // the steps of a proxy's pipeline; it has a span of its own
            || other.StartsWith("OpenTelemetry.Instrumentation.", StringComparison.Ordinal)),
    };

    /// <param name="component">What was given to Use.</param>
    /// <param name="produced">What it has made.</param>
    public static MiddlewareName Of(Delegate component, RequestDelegate produced)
    {
        var closure = component.Target?.GetType().FullName ?? "";
        if (closure.StartsWith(Extensions + "UseMiddlewareExtensions+", StringComparison.Ordinal))
            return OfBinder(component.Target!);
        if (closure.StartsWith(Extensions + "UseExtensions+", StringComparison.Ordinal) && Field<Delegate>(component, "middleware") is { } middleware)
            return OfMethod(middleware, isTerminal: false);
        if (closure.StartsWith(Extensions + "RunExtensions+", StringComparison.Ordinal) && Field<Delegate>(component, "handler") is { } handler)
            return OfMethod(handler, isTerminal: true);
        if (Branch.NameOf(component) is { } branch)
            return new MiddlewareName(branch, null, isTerminal: true);
        return OfMethod(produced, isTerminal: false);
    }

    /// <summary>The same of a pipeline that has been built.</summary>
    /// <param name="called">What is called.</param>
    /// <param name="middleware">Its middleware, or the closure of a lambda.</param>
    /// <param name="isTerminal">It has no next one.</param>
    public static MiddlewareName OfBuilt(RequestDelegate called, object? middleware, bool isTerminal)
    {
        if (BinderOf(called) is { } binder)
            return OfBinder(binder);
        if (middleware?.GetType().DeclaringType?.FullName == Extensions + "UseExtensions" && Slot.Of(middleware, MiddlewareOfUse(middleware)) is [{ Value: { } given }, ..])
            return OfMethod(given, isTerminal: false);
        var type = middleware?.GetType().ToString() ?? "";
        if (type.StartsWith(StaticFiles.Middlewares, StringComparison.Ordinal) && StaticFiles.PlaceOfBuilt(middleware!) is { } place)
            return new MiddlewareName($"{Shorten(type)} {place}", null);
        return OfMethod(called, isTerminal);
    }

    /// <summary>A branch of a pipeline that has been built.</summary>
    public static MiddlewareName OfBranch(string name) => new(name, null, isTerminal: true);

    /// <summary>What the framework has made a middleware with, if that is still there: where it is made anew for each request, or called with more than the context.</summary>
    public static object? BinderOf(RequestDelegate called) => called.Target is { } target && target.GetType().DeclaringType?.FullName?.StartsWith(Extensions + "UseMiddlewareExtensions", StringComparison.Ordinal) == true
        ? Slot.FieldsOf(target.GetType()).Select(field => field.GetValue(target)).FirstOrDefault(static value => value?.GetType().Name.EndsWith("MiddlewareBinder", StringComparison.Ordinal) == true)
            ?? (target.GetType().Name.EndsWith("MiddlewareBinder", StringComparison.Ordinal) ? target : null)
        : null;

    /// <summary>There are two forms of lambda for a middleware.</summary>
    static Type MiddlewareOfUse(object closure) =>
        Slot.Of(closure, typeof(Func<HttpContext, RequestDelegate, Task>)).Count > 0 ? typeof(Func<HttpContext, RequestDelegate, Task>) : typeof(Func<HttpContext, Func<Task>, Task>);

    /// <summary>A closure of the framework keeps what the app gave it in a field of the parameter's name.</summary>
    public static T? Field<T>(Delegate component, string name) where T : class =>
        component.Target?.GetType().GetField(name, Fields)?.GetValue(component.Target) as T;

    /// <summary>The framework's own description of the component is the type; a convention-based one is called through a method it keeps.</summary>
    static MiddlewareName OfBinder(object binder)
    {
        var type = binder.ToString()!;
        var method = binder.GetType().GetFields(Fields).Select(field => field.GetValue(binder)).OfType<MethodInfo>().FirstOrDefault()?.Name ?? "InvokeAsync";
        if (type.StartsWith(StaticFiles.Middlewares, StringComparison.Ordinal) && StaticFiles.PlaceOf(binder) is { } place)
            return new MiddlewareName($"{Shorten(type)} {place}", null);
        return OfType(type, method, IsTerminalType(type));
    }

    static bool IsTerminalType(string type) => type is "Microsoft.AspNetCore.Routing.EndpointMiddleware" or "Microsoft.AspNetCore.Builder.RouterMiddleware";

    /// <summary>The method is left out of the framework's own: the name of the span says what it is.</summary>
    static MiddlewareName OfType(string type, string method, bool isTerminal) =>
        new(Shorten(type), type.StartsWith(AppType.Framework, StringComparison.Ordinal) ? null : $"{type}.{method}", isTerminal);

    static MiddlewareName OfMethod(Delegate method, bool isTerminal)
    {
        var type = method.Target?.GetType() ?? method.Method.DeclaringType!;
        if (!IsGenerated(method.Method) && !type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false))
            return OfType(type.ToString(), method.Method.Name, isTerminal || IsTerminalType(type.ToString()));
        var declaring = CodeName.Written(type);
        var ordinal = Lambdas.AddOrUpdate(declaring.FullName ?? declaring.Name, 1, static (_, last) => last + 1);
        return new MiddlewareName($"{declaring.Name}#{ordinal}", $"{declaring.FullName}.{method.Method.Name}", isTerminal, SourceLine.Start(method.Method));
    }

    static bool IsGenerated(MethodInfo method) => method.Name.StartsWith('<');

    /// <summary>«Ns.Outer+VisitorMiddleware`1[System.String]» is Visitor.</summary>
    static string Shorten(string type)
    {
        var definition = type.IndexOf('[', StringComparison.Ordinal) is var arguments and >= 0 ? type[..arguments] : type;
        var name = definition[(definition.LastIndexOfAny(['.', '+']) + 1)..];
        if (name.IndexOf('`', StringComparison.Ordinal) is var arity and > 0)
            name = name[..arity];
        foreach (var ending in (string[])["MiddlewareImpl", "MiddlewareInternal", "Middleware"])
        {
            if (name.Length > ending.Length && name.EndsWith(ending, StringComparison.Ordinal))
                return name[..^ending.Length];
        }
        return name;
    }
}
