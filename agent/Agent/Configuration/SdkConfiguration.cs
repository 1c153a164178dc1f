using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace Agent.Configuration;

/// <summary>
/// The settings as the OpenTelemetry SDK wants to read them: samplers, limits and whatever a plugin's package looks up. It gets only what is
/// accepted, so what was said about a wrong value is true, and the file's values too.
/// </summary>
sealed class SdkConfiguration(SettingReader reader, string path = "") : IConfigurationSection
{
    /// <inheritdoc/>
    public string? this[string key]
    {
        get => reader.Accepted(path.Length == 0 ? key : $"{path}:{key}");
        set => throw new NotSupportedException("the agent's settings cannot be changed");
    }

    /// <inheritdoc/>
    public string Key => path[(path.LastIndexOf(':') + 1)..];

    /// <inheritdoc/>
    public string Path => path;

    /// <inheritdoc/>
    public string? Value
    {
        get => path.Length == 0 ? null : reader.Accepted(path);
        set => throw new NotSupportedException("the agent's settings cannot be changed");
    }

    /// <inheritdoc/>
    public IConfigurationSection GetSection(string key) => new SdkConfiguration(reader, path.Length == 0 ? key : $"{path}:{key}");

    /// <inheritdoc/>
    public IEnumerable<IConfigurationSection> GetChildren() => [];

    /// <inheritdoc/>
    public IChangeToken GetReloadToken() => new CancellationChangeToken(CancellationToken.None);
}
