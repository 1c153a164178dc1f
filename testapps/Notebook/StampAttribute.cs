using Microsoft.AspNetCore.Mvc.Filters;

namespace Notebook;

/// <summary>What two filters do alike.</summary>
/// <typeparam name="TInk">In which they differ.</typeparam>
[AttributeUsage(AttributeTargets.Method)]
public abstract class StampAttribute<TInk> : Attribute, IAsyncResultFilter
{
    public async Task OnResultExecutionAsync(ResultExecutingContext context, ResultExecutionDelegate next)
    {
        context.HttpContext.Response.Headers.Append("Stamp", typeof(TInk).Name);
        await next();
    }
}

public sealed class RedStampAttribute : StampAttribute<int>;

public sealed class BlueStampAttribute : StampAttribute<string>;
