using Maze.Filters;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Maze;

/// <summary>A place for a filter; which one it is, if any, is drawn for each request.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class SlotAttribute : Attribute, IFilterFactory, IOrderedFilter
{
    public int Order { get; set; }

    public bool IsReusable => false;

    public IFilterMetadata CreateInstance(IServiceProvider serviceProvider) =>
        Visit.Of(serviceProvider.GetRequiredService<IHttpContextAccessor>().HttpContext!).Random.Next(7) switch
        {
            0 => new GateFilter(),
            1 => new ShelterFilter(),
            2 => new OuterFilter(),
            3 => new BracketFilter(),
            4 => new WrapFilter(),
            _ => new Nothing(),
        };

    sealed class Nothing : IFilterMetadata;
}
