using Agent.Viewer.Storage;
using Microsoft.AspNetCore.Http;

namespace Agent.Viewer.Programs;

/// <summary>A search by a filter as people write it.</summary>
static class Search
{
    /// <summary>Of the parameters <c>filter</c>, <c>from</c>, <c>to</c>, <c>order</c>, <c>skip</c> and <c>limit</c>.</summary>
    public static TraceQuery Of(Parameters parameters) => new()
    {
        Filter = Filter(parameters.Text("filter") ?? ""),
        From = parameters.Moment("from"),
        To = parameters.Moment("to"),
        Order = Order(parameters.Text("order") ?? "newest"),
        Skip = parameters.Number("skip", 0, 0, int.MaxValue),
        Limit = parameters.Limit(100, "limit"),
    };

    /// <exception cref="Refusal">It cannot be understood.</exception>
    public static TraceFilter Filter(string text)
    {
        try
        {
            return TraceFilter.Parse(text);
        }
        catch (FormatException wrong)
        {
            throw new Refusal(StatusCodes.Status400BadRequest, wrong.Message);
        }
    }

    /// <exception cref="Refusal">There is no such order.</exception>
    public static TraceOrder Order(string name) =>
        Enum.GetValues<TraceOrder>().Cast<TraceOrder?>().FirstOrDefault(order => NameOf(order!.Value) == name)
        ?? throw Parameters.Refuse("order", name, $"one of {string.Join(", ", Enum.GetValues<TraceOrder>().Select(NameOf))}");

    /// <summary>As it is written in an address: <c>most-spans</c>.</summary>
    static string NameOf(TraceOrder order) => order switch
    {
        TraceOrder.MostSpans => "most-spans",
        TraceOrder.MostErrors => "most-errors",
        _ => order.ToString().ToLowerInvariant(),
    };
}
