using Agent.Viewer.Storage;

namespace Agent.Viewer.Pages;

/// <summary>What is around every page.</summary>
/// <param name="Title">The page's title.</param>
/// <param name="Section">Which entry of the navigation it belongs to: traces, map or none.</param>
/// <param name="State">What the store holds and let go.</param>
public sealed record Frame(string Title, string Section, StoreState State);

/// <summary>A link that is on or off.</summary>
/// <param name="Text">Its words.</param>
/// <param name="Href">Where it leads.</param>
/// <param name="IsOn">Whether what it stands for is so now; then it leads to where it is not.</param>
/// <param name="Look">A class of the style sheet for it; empty for none.</param>
public sealed record Choice(string Text, string Href, bool IsOn, string Look = "");

/// <summary>A page that says why there is nothing to show.</summary>
/// <param name="Frame">What is around it.</param>
/// <param name="Head">What is the matter.</param>
/// <param name="Text">Why, and what to do.</param>
public sealed record ProblemPage(Frame Frame, string Head, string Text);
