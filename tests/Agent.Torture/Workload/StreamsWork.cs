using System.Formats.Tar;
using System.IO.Compression;
using System.IO.Pipelines;
using System.Security.Cryptography;
using System.Text;

namespace Agent.Torture.Workload;

/// <summary>Streams, files, compression, pipes, hashes.</summary>
static class StreamsWork
{
    public static async Task Run(Transcript to)
    {
        to.Section("streams");
        var bytes = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 5_000).Select(number => $"line {number}\n")));
        to.Add("gzip", await RoundTrip(bytes, stream => new GZipStream(stream, CompressionLevel.Optimal, leaveOpen: true), stream => new GZipStream(stream, CompressionMode.Decompress)));
        to.Add("deflate", await RoundTrip(bytes, stream => new DeflateStream(stream, CompressionLevel.Fastest, leaveOpen: true), stream => new DeflateStream(stream, CompressionMode.Decompress)));
        to.Add("brotli", await RoundTrip(bytes, stream => new BrotliStream(stream, CompressionLevel.Fastest, leaveOpen: true), stream => new BrotliStream(stream, CompressionMode.Decompress)));
        to.Throws("not gzip", () => new GZipStream(new MemoryStream([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]), CompressionMode.Decompress).ReadByte());
        Archives(to);
        await Files(to, bytes);
        await Pipes(to, bytes);
        to.Add("hashes", $"{Convert.ToHexString(SHA256.HashData(bytes))} {Convert.ToHexString(HMACSHA256.HashData(bytes.AsSpan(0, 2), bytes))}");
        using var writer = new BinaryWriter(new MemoryStream());
        writer.Write(1.5);
        writer.Write("ä");
        writer.Write7BitEncodedInt(300);
        to.Add("binary", ((MemoryStream)writer.BaseStream).ToArray());
        to.Throws("disposed", () =>
        {
            var stream = new MemoryStream();
            stream.Dispose();
            stream.WriteByte(1);
        });
    }

    static async Task<string> RoundTrip(byte[] bytes, Func<Stream, Stream> compress, Func<Stream, Stream> decompress)
    {
        using var memory = new MemoryStream();
        await using (var stream = compress(memory))
            await stream.WriteAsync(bytes);
        memory.Position = 0;
        using var back = new MemoryStream();
        await using (var stream = decompress(memory))
            await stream.CopyToAsync(back);
        return $"{memory.ToArray().Length < bytes.Length} {back.ToArray().AsSpan().SequenceEqual(bytes)}";
    }

    static void Archives(Transcript to)
    {
        using var memory = new MemoryStream();
        using (var archive = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        {
            using var entry = new StreamWriter(archive.CreateEntry("a/b.txt").Open());
            entry.Write("in the archive");
        }
        using (var archive = new ZipArchive(memory, ZipArchiveMode.Read))
        {
            using var entry = new StreamReader(archive.GetEntry("a/b.txt")!.Open());
            to.Add("zip", entry.ReadToEnd());
        }
        using var tar = new MemoryStream();
        using (var writer = new TarWriter(tar, leaveOpen: true))
            writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "x.txt") { DataStream = new MemoryStream([65, 66]) });
        tar.Position = 0;
        using var reader = new TarReader(tar);
        to.Add("tar", reader.GetNextEntry()!.Name);
        to.Throws("no archive", () => _ = new ZipArchive(new MemoryStream([1, 2, 3])));
    }

    static async Task Files(Transcript to, byte[] bytes)
    {
        var folder = Directory.CreateTempSubdirectory("torture");
        try
        {
            var path = Path.Combine(folder.FullName, "a.txt");
            await File.WriteAllBytesAsync(path, bytes);
            to.Add("lines", File.ReadLines(path).Count());
            await using (var stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, 64, useAsync: true))
            {
                stream.Seek(-3, SeekOrigin.End);
                await stream.WriteAsync("!!!"u8.ToArray());
            }
            to.Add("end", (await File.ReadAllTextAsync(path))[^8..]);
            File.Move(path, path + "2");
            to.Add("folder", folder.EnumerateFiles("*", SearchOption.AllDirectories).Select(file => file.Name));
            to.Throws("no folder", () => Directory.GetFiles("/there/is/nothing"));
            to.Throws("no file", () => File.OpenRead("/there/is/nothing"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    static async Task Pipes(Transcript to, byte[] bytes)
    {
        var pipe = new Pipe();
        var writing = Task.Run(async () =>
        {
            foreach (var part in bytes.Chunk(777))
                await pipe.Writer.WriteAsync(part);
            await pipe.Writer.CompleteAsync();
        });
        var sum = 0L;
        while (true)
        {
            var read = await pipe.Reader.ReadAsync();
            foreach (var segment in read.Buffer)
            {
                foreach (var item in segment.Span)
                    sum += item;
            }
            pipe.Reader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
                break;
        }
        await writing;
        to.Add("pipe", sum);
    }
}
