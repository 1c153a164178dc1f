namespace Agent.Viewer.Pages;

/// <summary>A word or two beside a span's name.</summary>
/// <param name="Text">The words.</param>
/// <param name="Look">ok, info, warn, bad or dim.</param>
/// <param name="Title">What they mean; empty if they say it themselves.</param>
public sealed record Badge(string Text, string Look, string Title = "");
