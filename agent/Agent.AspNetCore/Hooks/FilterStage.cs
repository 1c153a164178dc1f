namespace Agent.AspNetCore.Hooks;

/// <summary>The filter interfaces of MVC and Razor Pages by name: an API need not load Razor Pages for them.</summary>
static class FilterStage
{
    /// <summary>«action» for IActionFilter and IAsyncActionFilter; null for any other interface.</summary>
    public static string? Of(Type type) => type.Namespace == "Microsoft.AspNetCore.Mvc.Filters" ? type.Name switch
    {
        "IAuthorizationFilter" or "IAsyncAuthorizationFilter" => "authorization",
        "IResourceFilter" or "IAsyncResourceFilter" => "resource",
        "IActionFilter" or "IAsyncActionFilter" => "action",
        "IPageFilter" or "IAsyncPageFilter" => "page",
        "IExceptionFilter" or "IAsyncExceptionFilter" => "exception",
        "IResultFilter" or "IAsyncResultFilter" => "result",
        _ => null,
    } : null;

    /// <summary>A filter that has both forms of a stage is called through the asynchronous one only.</summary>
    public static bool IsReplaced(Type stage, Type filter) => !stage.Name.StartsWith("IAsync", StringComparison.Ordinal) &&
        Array.Exists(filter.GetInterfaces(), other => other.Namespace == stage.Namespace && other.Name == $"IAsync{stage.Name[1..]}");
}
