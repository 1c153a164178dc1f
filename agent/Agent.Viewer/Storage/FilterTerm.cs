using System.Globalization;

namespace Agent.Viewer.Storage;

/// <summary>One condition of a <see cref="TraceFilter"/>.</summary>
/// <param name="Field">What is looked at: one of <see cref="TraceFilter"/>'s own fields or an attribute's name; empty for free text.</param>
/// <param name="Operator">How it is compared.</param>
/// <param name="Value">With what; empty for <see cref="FilterOperator.Exists"/>.</param>
/// <param name="IsNegated">True if no span of the trace may fulfil it.</param>
public sealed record FilterTerm(string Field, FilterOperator Operator, string Value, bool IsNegated = false)
{
    /// <summary><see cref="Value"/> as a number, of a duration in nanoseconds; not a number if it is none.</summary>
    internal double Number() =>
        Field is "duration" or "span.duration" ? TraceFilter.Nanoseconds(Value)
        : double.TryParse(Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : double.NaN;

    /// <summary>Whether a number fulfils the comparison, whatever is negated.</summary>
    /// <param name="number">The number found.</param>
    /// <param name="with">What <see cref="Number"/> says.</param>
    internal bool Compares(double number, double with) => Operator switch
    {
        FilterOperator.Exists => true,
        FilterOperator.Equal => number == with,
        FilterOperator.Greater => number > with,
        FilterOperator.GreaterOrEqual => number >= with,
        FilterOperator.Less => number < with,
        FilterOperator.LessOrEqual => number <= with,
        _ => false,
    };
}
