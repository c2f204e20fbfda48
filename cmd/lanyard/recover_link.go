package main

import (
	"context"
	"time"

	"lanyard/claims"
	"lanyard/idp/login"
	"lanyard/idp/record"
	"lanyard/templates"
)

// sendForgotten sends a member a link to set a password.
func (s *server) sendForgotten(ctx context.Context, m claims.Member) error {
	path, link := login.NewLink(login.PurposePassword, m.ID, s.now(), login.ForgottenLife)
	if err := s.store.CreateLink(ctx, link); err != nil {
		return err
	}
	return s.post.SendLink(ctx, record.MailForgotLink, m, record.Secret(s.cfg.Issuer+path), link.Expires)
}

// recoverLink makes a link by which a member gets back in, and tells
// them so by mail before anybody has it.
func (s *server) recoverLink(ctx context.Context, m claims.MemberID) (address string, picture templates.QR, until time.Time, err error) {
	path, link := login.NewLink(login.PurposeRecover, m, s.now(), login.RecoverLife)
	if err := s.store.CreateLink(ctx, link); err != nil {
		return "", picture, until, err
	}
	if err := s.post.Notify(ctx, record.Notice{Kind: record.MailWayBack, Member: m, At: link.Created}); err != nil {
		return "", picture, until, err
	}
	address = s.cfg.Issuer + path
	picture, err = login.Picture(address)
	return address, picture, link.Expires, err
}
