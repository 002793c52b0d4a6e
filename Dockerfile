# The service in a container: built with cgo (H3, SQLite), run by a user without rights.
#
#   docker build -t wangge .
#   docker run --rm wangge version

FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG RELEASE=
RUN CGO_ENABLED=1 go build -trimpath -ldflags "-s -w -X main.released=${RELEASE}" -o /wangge ./cmd/wangge
RUN mkdir /data

FROM debian:bookworm-slim
COPY --from=build /wangge /usr/local/bin/wangge
COPY --from=build --chown=65532:65532 /data /data
USER 65532:65532
VOLUME /data
WORKDIR /data
ENV WANGGE_ADDR=:8080 \
    WANGGE_STORE=/data/wangge.gpkg
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=6s --start-period=30s --retries=3 CMD ["wangge", "health", "http://127.0.0.1:8080/readyz"]
# An access token is needed: WANGGE_TOKEN_FILE names a file that holds one, as docker-compose.yml does.
ENTRYPOINT ["wangge"]
CMD ["serve"]
