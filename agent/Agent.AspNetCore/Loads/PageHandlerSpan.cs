using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.RazorPages.Infrastructure;

namespace Agent.AspNetCore.Loads;

/// <summary>A span around one call of a Razor Pages handler, with what it has come to.</summary>
sealed class PageHandlerSpan : RequestSpan
{
    static readonly ConditionalWeakTable<HandlerMethodDescriptor, Description> Descriptions = [];

    readonly object _invoker;
    readonly PageContext _page;

    PageHandlerSpan(Activity activity, object invoker, PageContext page) : base(activity, page.HttpContext)
    {
        _invoker = invoker;
        _page = page;
    }

    public static PageHandlerSpan? Begin(object invoker, HandlerMethodDescriptor handler, PageContext page)
    {
        if (!Descriptions.TryGetValue(handler, out var description))
            Descriptions.AddOrUpdate(handler, description = new Description(handler, page));
        return Source.StartActivity(description.Name, ActivityKind.Internal, parentContext: default, description.Tags) is { } activity
            ? new PageHandlerSpan(activity, invoker, page)
            : null;
    }

    protected override void Complete(Exception? exception)
    {
        base.Complete(exception);
        ActionResult.Describe(Activity, exception, PageHandlerPatch.Result(_invoker), _page.ModelState, IsAbort);
    }

    /// <summary>What is the same for every call of a handler.</summary>
    sealed class Description
    {
        public string Name { get; }

        public KeyValuePair<string, object?>[] Tags { get; }

        public Description(HandlerMethodDescriptor handler, PageContext page)
        {
            var method = handler.MethodInfo;
            Name = $"page {page.ActionDescriptor.ViewEnginePath} {method.Name}";
            List<KeyValuePair<string, object?>> tags =
            [
                new(Names.Kind, HttpMethods.IsGet(handler.HttpMethod) || HttpMethods.IsHead(handler.HttpMethod) ? DispatchKind.Load : DispatchKind.Action),
                new(Names.CodeFunction, $"{method.DeclaringType?.FullName}.{method.Name}"),
            ];
            if (page.ActionDescriptor.AttributeRouteInfo?.Template is { } route)
                tags.Add(new(Names.HttpRoute, route.Length > 0 ? route : "/"));
            if (!string.IsNullOrEmpty(handler.Name))
                tags.Add(new(Names.PageHandler, handler.Name));
            Tags = [.. tags];
        }
    }
}
