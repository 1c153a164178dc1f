using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Routing;

namespace Agent.AspNetCore.Endpoints;

/// <summary>
/// The route of a request that no endpoint serves but a router (UseMvc with EnableEndpointRouting=false, UseRouter). As with endpoints, the client's
/// first request counts, and not what an error page makes of it.
/// </summary>
/// <param name="Template">For http.route.</param>
/// <param name="Name">The same with the values that select an action, as it writes them.</param>
sealed record RouterRoute(string Template, string Name)
{
    /// <summary>Custom property of the server span: its route. Not exported.</summary>
    const string Property = "Agent.RouterRoute";

    static readonly ConditionalWeakTable<string, RouterRoute> OfTemplates = [];

    /// <summary>By action and template: one without a template of its own can be reached by several.</summary>
    static readonly ConditionalWeakTable<ActionDescriptor, ConditionalWeakTable<string, RouterRoute>> OfActions = [];

    /// <summary>A route has found a handler.</summary>
    public static void Note(RouteBase route, HttpContext context)
    {
        if (route.ParsedTemplate.TemplateText is { } template && SpanWithoutRoute(context) is { } span)
            span.SetCustomProperty(Property, OfTemplates.GetValue(template, static text => new RouterRoute(NotEmpty(text), NotEmpty(text))));
    }

    /// <summary>A router has selected an action.</summary>
    public static void Note(ActionDescriptor action, RouteContext route)
    {
        if ((action.AttributeRouteInfo?.Template ?? TemplateOf(route.RouteData)) is { } template && SpanWithoutRoute(route.HttpContext) is { } span)
            span.SetCustomProperty(Property, OfActions.GetOrCreateValue(action).GetValue(template, text => new RouterRoute(NotEmpty(text), NotEmpty(WithValues(text, action)))));
    }

    /// <summary>Null if no router has served the request.</summary>
    public static RouterRoute? Of(Activity span) => span.GetCustomProperty(Property) as RouterRoute;

    static Activity? SpanWithoutRoute(HttpContext context) =>
        !IsOfErrorPage(context) && context.Features.Get<IHttpActivityFeature>()?.Activity is { IsAllDataRequested: true } span && Of(span) is null ? span : null;

    static bool IsOfErrorPage(HttpContext context) =>
        context.Features.Get<IExceptionHandlerFeature>() is not null || context.Features.Get<IStatusCodeReExecuteFeature>() is not null;

    static string? TemplateOf(RouteData data)
    {
        for (var i = data.Routers.Count - 1; i >= 0; i--)
        {
            if (data.Routers[i] is RouteBase { ParsedTemplate.TemplateText: { } text })
                return text;
        }
        return null;
    }

    static string NotEmpty(string template) => template.Length > 0 ? template : "/";

    static string WithValues(string template, ActionDescriptor action)
    {
        foreach (var (parameter, value) in action.RouteValues)
        {
            if (!string.IsNullOrEmpty(value))
                template = Route.Replace(template, parameter, value);
        }
        return template;
    }
}
