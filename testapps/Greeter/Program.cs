using Greeter.Services;
using Microsoft.AspNetCore.Server.Kestrel.Core;

var builder = WebApplication.CreateBuilder(args);
// gRPC needs HTTP/2; without TLS there is no negotiation, so the endpoint speaks nothing else.
builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http2));
builder.Services.AddGrpc(grpc => grpc.Interceptors.Add<MannersInterceptor>());
var app = builder.Build();
app.UseGrpcWeb(new GrpcWebOptions { DefaultEnabled = true }); // for browsers, which cannot read trailers
app.MapGrpcService<GreeterService>();
app.MapGet("/", () => "Speak gRPC to this server.");
app.Run();
