using System.Runtime.InteropServices;

namespace Agent.IntegrationTests.Deployment;

/// <summary>The agent's container image, as `./build.sh image` writes it and as a tool of others unpacks it.</summary>
static class Image
{
    public const string Name = "agent", Version = "0.1.0";

    public static string Folder { get; } = Path.Combine(Places.Artifacts, "image");

    public static string Layout { get; } = $"oci:{Path.Combine(Folder, "oci")}:{Version}";

    public static string Archive { get; } = Path.Combine(Folder, $"{Name}-{Version}.tar");

    /// <summary>This machine's architecture, as images name it.</summary>
    public static string Architecture { get; } = RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? "arm64" : "amd64";

    /// <summary>Copies the image for an architecture with skopeo and unpacks it with umoci.</summary>
    /// <param name="architecture">amd64 or arm64.</param>
    /// <param name="folder">An empty folder.</param>
    /// <returns>The root of its files.</returns>
    public static async Task<string> Unpack(string architecture, string folder)
    {
        if (!Directory.Exists(Folder))
            Assert.Inconclusive("There is no artifacts/image: ./build.sh image writes it.");
        var copy = Path.Combine(Directory.CreateDirectory(folder).FullName, "copy");
        await Command.Run("skopeo", "--override-arch", architecture, "copy", "--quiet", Layout, $"oci:{copy}:{Name}");
        await Command.Run("umoci", "unpack", "--image", $"{copy}:{Name}", Path.Combine(folder, "unpacked"));
        return Path.Combine(folder, "unpacked", "rootfs");
    }
}
