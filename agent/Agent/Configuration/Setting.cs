namespace Agent.Configuration;

/// <summary>A setting as it is used.</summary>
/// <param name="Name">Its variable.</param>
/// <param name="Value">What is used, as text; never a secret.</param>
/// <param name="Origin">Where that comes from.</param>
sealed record Setting(string Name, string Value, SettingOrigin Origin);

/// <summary>Where the value of a setting comes from.</summary>
enum SettingOrigin
{
    /// <summary>It is set nowhere, or not to something that is accepted.</summary>
    Default,

    /// <summary>An environment variable.</summary>
    Environment,

    /// <summary>The app's agent.json.</summary>
    File,
}
