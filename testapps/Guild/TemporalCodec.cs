using Google.Protobuf;
using Temporalio.Api.Common.V1;
using Temporalio.Converters;

namespace Guild;

/// <summary>Refuses what it has not encoded, headers too.</summary>
sealed class TemporalCodec : IPayloadCodec
{
    public Task<IReadOnlyCollection<Payload>> EncodeAsync(IReadOnlyCollection<Payload> payloads) => Task.FromResult<IReadOnlyCollection<Payload>>(
        [.. payloads.Select(static payload => new Payload { Metadata = { ["encoding"] = ByteString.CopyFromUtf8("binary/guild") }, Data = payload.ToByteString() })]);

    public Task<IReadOnlyCollection<Payload>> DecodeAsync(IReadOnlyCollection<Payload> payloads) => Task.FromResult<IReadOnlyCollection<Payload>>(
        [.. payloads.Select(static payload => payload.Metadata["encoding"].ToStringUtf8() == "binary/guild" ? Payload.Parser.ParseFrom(payload.Data) : throw new InvalidOperationException("This is not encoded."))]);
}
