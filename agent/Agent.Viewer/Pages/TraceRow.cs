namespace Agent.Viewer.Pages;

/// <summary>What a <see cref="TraceRow"/> stands for.</summary>
public enum RowKind
{
    /// <summary>One span.</summary>
    Span,

    /// <summary>Hooks that only hand on, one inside of the other.</summary>
    Chain,

    /// <summary>Siblings of one name.</summary>
    Repeat,
}

/// <summary>A row of the waterfall.</summary>
/// <param name="Kind">What it stands for.</param>
/// <param name="Level">How deep it is, 1 for a root.</param>
/// <param name="Nodes">The span; or those that are folded into the row, in their order.</param>
/// <param name="Place">How it is folded away.</param>
/// <param name="HasRowsBelow">Whether rows of a greater level follow.</param>
public sealed record TraceRow(RowKind Kind, int Level, IReadOnlyList<TraceNode> Nodes, RowPlace Place, bool HasRowsBelow)
{
    /// <summary>The span, or the first one.</summary>
    public TraceNode Node => Nodes[0];
}

/// <summary>Whether a <see cref="TraceRow"/> is folded away at first.</summary>
public enum RowPlace
{
    /// <summary>It shows.</summary>
    Open,

    /// <summary>It is a hook of the chain above and shows when that is opened.</summary>
    InChain,

    /// <summary>It is in, or below, repeated siblings and shows when those are opened.</summary>
    InRepeat,
}
