// Services of others, each called with its vendor's or its protocol's library as the documentation does it. Where they are is in the
// configuration (`Partners:Grpc`, …); an endpoint whose partner is not there fails.
using Partners;

var builder = WebApplication.CreateBuilder(args);
var app = builder.Build();
GrpcPartner.Map(app);
AzurePartner.Map(app);
AwsPartner.Map(app);
app.Run();
