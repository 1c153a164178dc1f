using System.Reflection;
using System.Runtime.CompilerServices;
using Agent.Tracing;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Agent.AspNetCore.Hooks;

/// <summary>One call of a filter's method. The patches are installed by <see cref="FilterPatch"/>.</summary>
static class FilterCall
{
    static readonly TypePairMap<MethodBase, SpanDescription?> Descriptions = new(Describe);

    public static void Begin(object __instance, ActionContext __0, MethodBase __originalMethod, out RequestSpan? __state) =>
        __state = RequestSpan.IsWanted && Descriptions[__instance.GetType(), __originalMethod] is { } description ? Span.Begin(description, __0) : null;

    public static void EndAsync(Exception? __exception, Task? __result, RequestSpan? __state) => __state?.End(__exception, __result);

    public static void End(Exception? __exception, RequestSpan? __state) => __state?.End(__exception);

    /// <summary>
    /// «filter Audit action» encloses what comes after it; «filter Audit OnActionExecuting» is a part of one. Null for the framework's own: a base
    /// class of its calls for all descendants (ActionFilterAttribute).
    /// </summary>
    static SpanDescription? Describe(Type filter, MethodBase method)
    {
        if (!AppType.Is(filter))
            return null;
        var stage = filter.GetInterfaces().Where(type => FilterStage.Of(type) is not null && Array.Exists(filter.GetInterfaceMap(type).TargetMethods, target => target.HasSameMetadataDefinitionAs(method)))
            .Select(FilterStage.Of).FirstOrDefault() ?? "action";
        var name = AppType.Shorten(CodeName.Simple(filter), "Attribute", "Filter");
        var isAsync = method is MethodInfo { ReturnType: var returned } && typeof(Task).IsAssignableFrom(returned);
        return new SpanDescription($"filter {name} {(isAsync ? stage : method.Name[(method.Name.LastIndexOf('.') + 1)..])}",
            new(Names.Kind, DispatchKind.Hook), new(Names.FilterStage, stage), new(Names.CodeFunction, $"{filter.FullName}.{method.Name}"));
    }

    sealed class Span : RequestSpan
    {
        readonly ActionContext _context;

        Span(SpanRecord record, ActionContext context) : base(record, context.HttpContext) => _context = context;

        public static Span? Begin(SpanDescription description, ActionContext context) => Start(description) is { } record ? new Span(record, context) : null;

        protected override void Complete(Exception? exception)
        {
            base.Complete(exception);
            if (exception is null && IsShortCircuited(_context))
                Record.SetTag(Names.FilterShortCircuited, true);
        }

        /// <summary>A filter that sets the result before the handler has run answers in its place.</summary>
        static bool IsShortCircuited(ActionContext context) => context switch
        {
            AuthorizationFilterContext authorization => authorization.Result is not null,
            ResourceExecutingContext resource => resource.Result is not null,
            ActionExecutingContext action => action.Result is not null,
            ResultExecutingContext result => result.Cancel,
            _ => context.GetType().Name.StartsWith("PageHandlerExecutingContext", StringComparison.Ordinal) && IsPageShortCircuited(context),
        };

        [MethodImpl(MethodImplOptions.NoInlining)] // an API need not load Razor Pages
        static bool IsPageShortCircuited(ActionContext context) => context is PageHandlerExecutingContext { Result: not null };
    }
}
