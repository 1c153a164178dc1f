// Writes a container image without a container engine: an OCI layout, and one file that `docker load` and `podman load` take. The same
// folders give the same bytes.
//
//   dotnet run --file build/image/image.cs -- OUTPUT NAME VERSION ARCHITECTURE=FOLDER…
//
// Each FOLDER is what the image holds on that architecture (as Go and OCI name them: amd64, arm64). Formats: the OCI image specification 1.1,
// and the manifest.json of `docker save`.
#:property PublishAot=false
#:property TreatWarningsAsErrors=true
#:property JsonSerializerIsReflectionEnabledByDefault=true

using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

if (args is not [var output, var name, var version, _, ..])
{
    Console.Error.WriteLine("usage: dotnet run --file build/image/image.cs -- OUTPUT NAME VERSION ARCHITECTURE=FOLDER…");
    return 2;
}

if (Directory.Exists(output))
    Directory.Delete(output, recursive: true);
var layout = Path.Combine(output, "oci");
var blobs = Directory.CreateDirectory(Path.Combine(layout, "blobs", "sha256")).FullName;
var epoch = DateTimeOffset.UnixEpoch;
var labels = new JsonObject
{
    ["org.opencontainers.image.title"] = name,
    ["org.opencontainers.image.version"] = version,
    ["org.opencontainers.image.description"] = "Zero-code tracing for ASP.NET Core: COPY --from this image /agent, mount it, or run /copy FOLDER as an init container; then set DOTNET_STARTUP_HOOKS=/agent/Agent.StartupHook.dll.",
};

var (manifests, loadable) = (new JsonArray(), new JsonArray());
foreach (var part in args[3..])
{
    var (architecture, folder) = part.Split('=', 2) is [var left, var right] && Directory.Exists(right) ? (left, right) : throw new ArgumentException($"«{part}» is not ARCHITECTURE=FOLDER with a folder that exists.");
    var tar = Tar(Files(folder));
    var layer = Blob(Compressed(tar), "application/vnd.oci.image.layer.v1.tar+gzip");
    var configuration = Blob(Bytes(new JsonObject
    {
        ["created"] = Time(epoch),
        ["architecture"] = architecture,
        ["os"] = "linux",
        // A number, so that Kubernetes can tell that it is not root. Everybody can read the files.
        ["config"] = new JsonObject { ["User"] = "65532:65532", ["Entrypoint"] = new JsonArray("/copy"), ["WorkingDir"] = "/", ["Labels"] = labels.DeepClone() },
        ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray(Digest(tar)) },
        ["history"] = new JsonArray(new JsonObject { ["created"] = Time(epoch), ["created_by"] = "./build.sh image" }),
    }), "application/vnd.oci.image.config.v1+json");
    var manifest = Blob(Bytes(new JsonObject
    {
        ["schemaVersion"] = 2,
        ["mediaType"] = "application/vnd.oci.image.manifest.v1+json",
        ["config"] = configuration,
        ["layers"] = new JsonArray(layer),
        ["annotations"] = labels.DeepClone(),
    }), "application/vnd.oci.image.manifest.v1+json");
    manifest["platform"] = new JsonObject { ["architecture"] = architecture, ["os"] = "linux" };
    manifests.Add(manifest);
    // An engine that keeps one architecture takes the first for the name itself.
    loadable.Add(new JsonObject { ["Config"] = BlobPath(configuration), ["RepoTags"] = new JsonArray($"{name}:{version}{(loadable.Count == 0 ? "" : $"-{architecture}")}"), ["Layers"] = new JsonArray(BlobPath(layer)) });
    Console.WriteLine($"  linux/{architecture}: {(long)layer["size"]! >> 10} KB, {(string)manifest["digest"]!}");
}

var index = Blob(Bytes(new JsonObject
{
    ["schemaVersion"] = 2,
    ["mediaType"] = "application/vnd.oci.image.index.v1+json",
    ["manifests"] = manifests,
    ["annotations"] = labels.DeepClone(),
}), "application/vnd.oci.image.index.v1+json");
index["annotations"] = new JsonObject { ["org.opencontainers.image.ref.name"] = version, ["io.containerd.image.name"] = $"{name}:{version}" };
Write("oci-layout", new JsonObject { ["imageLayoutVersion"] = "1.0.0" });
Write("index.json", new JsonObject { ["schemaVersion"] = 2, ["mediaType"] = "application/vnd.oci.image.index.v1+json", ["manifests"] = new JsonArray(index.DeepClone()) });

var file = Path.Combine(output, $"{name}-{version}.tar");
File.WriteAllBytes(file, Tar(Files(layout).Append(("manifest.json", Bytes(loadable), false))));
Console.WriteLine($"  {Path.GetFileName(file)}: {new FileInfo(file).Length >> 10} KB, {name}:{version} is {(string)index["digest"]!}");
return 0;

static string Time(DateTimeOffset time) => time.ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);

static byte[] Bytes(JsonNode node) => JsonSerializer.SerializeToUtf8Bytes(node);

static string Digest(byte[] content) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(content))}";

static string BlobPath(JsonObject descriptor) => "blobs/" + ((string)descriptor["digest"]!).Replace(':', '/');

void Write(string path, JsonNode node) => File.WriteAllBytes(Path.Combine(layout, path), Bytes(node));

// Its descriptor.
JsonObject Blob(byte[] content, string mediaType)
{
    var digest = Digest(content);
    File.WriteAllBytes(Path.Combine(blobs, digest.Split(':')[1]), content);
    return new JsonObject { ["mediaType"] = mediaType, ["digest"] = digest, ["size"] = (long)content.Length };
}

static byte[] Compressed(byte[] content)
{
    using var result = new MemoryStream();
    using (var gzip = new GZipStream(result, CompressionLevel.SmallestSize))
        gzip.Write(content);
    return result.ToArray();
}

// With the paths that they have below the folder.
static IEnumerable<(string Path, byte[] Content, bool IsProgram)> Files(string folder) =>
    Directory.GetFiles(folder, "*", SearchOption.AllDirectories)
        .Select(file => (Path: Path.GetRelativePath(folder, file).Replace('\\', '/'), Content: File.ReadAllBytes(file)))
        .Select(file => (file.Path, file.Content, IsProgram(file.Content, file.Path)));

// On Windows files have no such mode, so it goes by what they are: ELF without an extension.
static bool IsProgram(byte[] content, string path) => Path.GetExtension(path).Length == 0 && content.AsSpan().StartsWith("\u007fELF"u8);

byte[] Tar(IEnumerable<(string Path, byte[] Content, bool IsProgram)> files)
{
    const UnixFileMode readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    const UnixFileMode executable = readable | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
    using var result = new MemoryStream();
    using (var writer = new TarWriter(result, TarEntryFormat.Ustar, leaveOpen: true))
    {
        var folders = new HashSet<string>();
        foreach (var (path, content, isProgram) in files.OrderBy(item => item.Path, StringComparer.Ordinal))
        {
            for (var at = path.IndexOf('/'); at >= 0; at = path.IndexOf('/', at + 1))
            {
                if (folders.Add(path[..at]))
                    writer.WriteEntry(new UstarTarEntry(TarEntryType.Directory, path[..at] + "/") { Mode = executable, ModificationTime = epoch });
            }

            writer.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, path) { Mode = isProgram ? executable : readable, ModificationTime = epoch, DataStream = new MemoryStream(content) });
        }
    }

    return result.ToArray();
}
