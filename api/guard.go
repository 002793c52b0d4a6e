package api

import (
	"crypto/sha256"
	"crypto/subtle"
	"net"
	"net/http"
	"net/netip"
	"strings"

	"wangge/grid"
)

// guard decides who may ask. With a token: whoever carries it. Open: whoever sits
// at this machine, in front of this service and no other; so the two ends of the
// connection and the name it was called by must be loopback (a rebound DNS name is
// not), nothing may stand between, and no other site may make a browser write.
type guard struct {
	open   bool
	token  [sha256.Size]byte
	origin *http.CrossOriginProtection
}

func newGuard(open bool, token string) *guard {
	return &guard{open: open, token: sha256.Sum256([]byte(token)), origin: http.NewCrossOriginProtection()}
}

// admit says whether a request may go on. public routes need no token.
func (g *guard) admit(r *http.Request, public bool) error {
	if g.open {
		return g.local(r)
	}
	if public || g.carries(r) {
		return nil
	}
	return &grid.Error{
		Kind: unauthorized,
		Msg:  "send the access token: Authorization: Bearer …", MsgZH: "请携带访问令牌：Authorization: Bearer …",
	}
}

// carries reports whether r carries the token. It takes the same time for any
// wrong one.
func (g *guard) carries(r *http.Request) bool {
	scheme, token, ok := strings.Cut(r.Header.Get("Authorization"), " ")
	sum := sha256.Sum256([]byte(token))
	return ok && strings.EqualFold(scheme, "bearer") && subtle.ConstantTimeCompare(sum[:], g.token[:]) == 1
}

func (g *guard) local(r *http.Request) error {
	local, _ := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	switch {
	case local == nil || !loopback(local.String()) || !loopback(r.RemoteAddr):
		return refuse("without sign-in only this machine is served", "免登录模式只服务本机")
	case !loopbackHost(r.Host):
		return refuse("without sign-in the service is called localhost or 127.0.0.1", "免登录模式只接受以 localhost 或 127.0.0.1 访问")
	case r.Header.Get("Forwarded") != "" || r.Header.Get("X-Forwarded-For") != "":
		return refuse("without sign-in nothing is served through a proxy", "免登录模式不接受代理转发")
	case g.origin.Check(r) != nil:
		return refuse("the request comes from another site", "请求来自其他网站")
	}
	return nil
}

func refuse(says, saysZH string) error {
	return &grid.Error{Kind: forbidden, Msg: says, MsgZH: saysZH}
}

func loopback(addr string) bool {
	ap, err := netip.ParseAddrPort(addr)
	return err == nil && ap.Addr().Unmap().IsLoopback()
}

func loopbackHost(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(strings.TrimSuffix(strings.TrimPrefix(host, "["), "]"))
	return err == nil && ip.Unmap().IsLoopback()
}
