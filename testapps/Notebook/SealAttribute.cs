using Microsoft.AspNetCore.Mvc.Filters;

namespace Notebook;

/// <summary>A result filter that fails.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SealAttribute : Attribute, IResultFilter
{
    public void OnResultExecuting(ResultExecutingContext context) => throw new InvalidOperationException("The seal is broken.");

    public void OnResultExecuted(ResultExecutedContext context) { }
}
